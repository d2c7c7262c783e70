/** From a key to a command. Pure but for the event it is given. */
import { commands, type Command, type CommandPlace } from '../../contracts/commands'

/** What a key press is called in the list of commands: `Ctrl+K`, `Shift+F`, `?`, `Space`. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const single = event.key.length === 1
  const name = event.key === ' ' ? 'Space' : single ? event.key.toUpperCase() : event.key === 'Backspace' ? 'Delete' : event.key
  const letter = /^[A-Z]$/.test(name)
  const modifiers = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    // On other characters Shift is already in the character: `?`.
    event.shiftKey && (letter || !single) ? 'Shift' : '',
  ]
  return [...modifiers.filter((modifier) => modifier !== ''), name].join('+')
}

/** The command of a key on a screen; what belongs to the screen goes before what works everywhere. */
export function commandForKey(key: string, place: CommandPlace): Command | null {
  const all: readonly Command[] = commands
  const bound = all.filter((command) => command.keys.includes(key))
  return bound.find(({ where }) => where === place) ?? bound.find(({ where }) => where === 'everywhere') ?? null
}

/** True for a button, link or menu entry whose key is held down: pressed once, it acts once. */
export function repeatsOnControl(event: Pick<KeyboardEvent, 'repeat' | 'target'>, key: string): boolean {
  if (!event.repeat || !/(^|\+)(Enter|Space)$/.test(key) || !(event.target instanceof HTMLElement)) return false
  return event.target.closest('button, a, summary, [role=menuitem]') !== null
}

/** True where a key is text or the control's own: typing must never decide a finding. */
export function belongsToControl(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (key === 'Escape' || key.startsWith('Ctrl+')) return target.matches('input, textarea') && key === 'Ctrl+Z'
  if (target.isContentEditable || target.matches('input:not([type=range]), textarea, select')) return true
  if (target.matches('input[type=range]')) return /^(Arrow|Page|Home|End)/.test(key)
  if (key === 'Enter' || key === 'Space') return target.closest('button, a, summary, [role=menuitem]') !== null
  if (/^(Arrow|Home|End)/.test(key)) return target.closest('[role=menu], [role=slider], [role=listbox]') !== null
  return false
}
