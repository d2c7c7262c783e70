import { describe, expect, test } from 'vitest'
import { commands, commandTooltip, keyLabel, type Command, type CommandPlace } from '../../../../contracts/commands'
import { commandForKey, keyOf } from '../../../../renderer/app/keyboard'

const all: readonly Command[] = commands
const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

test('no id and, on one screen, no key stands twice', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  for (const place of ['worklist', 'reading', 'inspector'] as CommandPlace[]) {
    const keys = all.filter(({ where }) => where === place || where === 'everywhere').flatMap(({ keys: own }) => own)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  }
})

test('only what moves or adjusts repeats while a key is held; nothing that decides does', () => {
  const repeating = all.filter(({ repeats }) => repeats).map(({ id }) => id)
  expect(repeating.filter((id) => !/^(slice|worklist|overlay\.(less|more)|inspector\.(next|previous)-)/.test(id))).toEqual([])
})

describe('a key press', () => {
  test.each([
    ['h', {}, 'H'],
    ['k', { ctrlKey: true }, 'Ctrl+K'],
    ['k', { metaKey: true }, 'Ctrl+K'],
    ['F', { shiftKey: true }, 'Shift+F'],
    ['?', { shiftKey: true }, '?'],
    [' ', {}, 'Space'],
    ['Backspace', {}, 'Delete'],
    ['O', { ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+O'],
  ])('%j with %o is %s', (key, modifiers, name) => expect(press(key, modifiers)).toBe(name))

  test('means another command on another screen', () => {
    expect(commandForKey('ArrowDown', 'reading')?.id).toBe('slice.next')
    expect(commandForKey('ArrowDown', 'worklist')?.id).toBe('worklist.down')
    expect(commandForKey('Enter', 'everywhere')).toBeNull()
    expect(commandForKey('Ctrl+K', 'reading')?.id).toBe('app.palette')
  })
})

test('tooltips carry the key', () => {
  expect(commandTooltip('picture.invert')).toBe('Invert (I)')
  expect(keyLabel('Ctrl+Shift+O')).toBe('Ctrl Shift O')
})
