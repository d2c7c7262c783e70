/** Which window is chosen, what it means for one frame, and what a reader may choose from. */
import type { Frame, Presentation } from '../../contracts/frame'
import { automaticWindow, ctPresets, narrowerWindow, widerWindow } from '../../main/pixels/lut/presets'
import { initialVoi, type VoiChoice } from '../../main/pixels/lut/presentation'
import { rangeWindow, type Window } from '../../main/pixels/lut/voi'

/** `initial`, `file-window` and `file-table` follow what each slice's file states; `window` is the same for all. */
export type WindowChoice =
  | { readonly kind: 'initial' }
  | { readonly kind: 'file-window'; readonly index: number }
  | { readonly kind: 'file-table'; readonly index: number }
  | { readonly kind: 'window'; readonly window: Window }

export interface PresetEntry {
  readonly id: string
  readonly title: string
  /** The choice it makes, given what is shown now; null where it cannot be made. */
  choose(now: Window | null, frame: Frame): WindowChoice | null
}

/** What a frame shows under a choice; a slice whose file lacks the chosen window shows its first. */
export function voiFor(choice: WindowChoice, { windows, voiLuts }: Presentation): VoiChoice {
  if (choice.kind === 'window') return choice
  const window = choice.kind === 'file-window' ? windows[choice.index] : undefined
  if (window) return { kind: 'window', window }
  const table = choice.kind === 'file-table' ? voiLuts[choice.index] : undefined
  if (table) return { kind: 'table', table }
  return initialVoi({ windows, voiLuts, inverted: false, padding: null })
}

/** The window that a choice amounts to for a frame; null for a table, which has none. */
export function windowOf(choice: WindowChoice, { description }: Frame): Window | null {
  const voi = voiFor(choice, description.presentation)
  if (voi.kind === 'window') return voi.window
  return voi.kind === 'range' ? rangeWindow(description.min, description.max) : null
}

/** The entry that is shown now; null after the reader dragged the window somewhere else. */
export function currentPreset(choice: WindowChoice, presentation: Presentation, entries: readonly PresetEntry[]): PresetEntry | null {
  const voi = voiFor(choice, presentation)
  if (voi.kind === 'range') return entries.find(({ id }) => id === 'range') ?? null
  if (voi.kind === 'table')
    return entries.find(({ id }) => id === `file-table-${presentation.voiLuts.findIndex((table) => table === voi.table)}`) ?? null
  const own = presentation.windows.indexOf(voi.window)
  if (choice.kind !== 'window') return entries.find(({ id }) => id === `file-window-${own}`) ?? null
  // A fixed window carries the name of the entry that made it, and loses it when it is dragged.
  return entries.find(({ id, title }) => !/^(file-|wider$|narrower$)/.test(id) && title === choice.window.explanation) ?? null
}

/** What is shown of a grey picture, for its corner: the window, or the table by its name; then which of the entries that is. */
export function voiWords(window: Window | null, { windows }: Presentation, preset: PresetEntry | null): string[] {
  if (!window) return [preset && !preset.title.startsWith('Table') ? `Table: ${preset.title}` : (preset?.title ?? 'Table from the file')]
  // Where the file has no such window, exact is only how our own ones are written down.
  const exact = window.voiLutFunction === 'LINEAR_EXACT' && windows.some((own) => own.voiLutFunction === 'LINEAR_EXACT')
  const curve = window.voiLutFunction === 'SIGMOID' ? ' sigmoid' : exact ? ' linear exact' : ''
  return [`W ${valueText(window.width)} L ${valueText(window.center)}${curve}`, ...(preset ? [preset.title] : [])]
}

const valueText = (value: number) => (Math.abs(value) >= 20 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3))

const fixed = (window: Window | null): WindowChoice | null => window && { kind: 'window', window }

/** In the order of the keys 1 to 9: the file's, then those of the modality, then automatic ones. */
export function presetEntries(modality: string, presentation: Presentation): PresetEntry[] {
  const { windows, voiLuts } = presentation
  const own: PresetEntry[] = [
    ...windows.map((window, index) => ({
      id: `file-window-${index}`,
      title: window.explanation || (windows.length > 1 ? `From the file, ${index + 1}` : 'From the file'),
      choose: () => ({ kind: 'file-window', index }) as const,
    })),
    ...voiLuts.map((table, index) => ({
      id: `file-table-${index}`,
      title: table.explanation || `Table from the file${voiLuts.length > 1 ? `, ${index + 1}` : ''}`,
      choose: () => ({ kind: 'file-table', index }) as const,
    })),
  ]
  if (own.length === 0) own.push({ id: 'range', title: 'Whole range', choose: () => ({ kind: 'initial' }) })
  const ct = modality === 'CT' ? ctPresets.map(({ id, title, window }) => ({ id, title, choose: () => fixed(window) })) : []
  return [
    ...own,
    ...ct,
    {
      id: 'automatic',
      title: 'Automatic',
      choose: (_, frame) => fixed(automaticWindow(frame.samples, frame.description.presentation.padding)),
    },
    { id: 'wider', title: 'Wider', choose: (now) => fixed(now && widerWindow(now)) },
    { id: 'narrower', title: 'Narrower', choose: (now) => fixed(now && narrowerWindow(now)) },
  ]
}

/** A window dragged by CSS pixels: to the right wider, down darker. The whole range of the values takes about 500 pixels. */
export function draggedWindow(window: Window, dx: number, dy: number, range: readonly [min: number, max: number]): Window {
  const step = Math.max((range[1] - range[0]) / 500, Number.MIN_VALUE)
  const least = window.voiLutFunction === 'LINEAR' ? 1 : step / 100
  return { ...window, width: Math.max(least, window.width + dx * step), center: window.center + dy * step, explanation: '' }
}
