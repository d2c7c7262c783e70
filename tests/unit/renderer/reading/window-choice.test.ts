import { describe, expect, test } from 'vitest'
import type { Frame, Presentation } from '../../../../contracts/frame'
import type { Slice } from '../../../../contracts/worklist'
import { displayPicture } from '../../../../renderer/reading/display-picture'
import { currentPreset, draggedWindow, presetEntries, voiFor, voiWords, windowOf } from '../../../../renderer/reading/window-choice'

const brain = { center: 40, width: 80, voiLutFunction: 'LINEAR', explanation: 'BRAIN' } as const
const bone = { center: 400, width: 1800, voiLutFunction: 'LINEAR', explanation: '' } as const
const table = { explanation: 'soft', first: 0, values: Float32Array.of(0, 1) }
const plain: Presentation = { windows: [], voiLuts: [], inverted: false, padding: null }

const frame = (presentation: Presentation, samples = Int16Array.of(-5, 0, 40, 80)): Frame => ({
  samples,
  description: {
    rows: 2,
    columns: 2,
    samplesPerPixel: 1,
    type: 'int16',
    min: 0,
    max: 80,
    photometricInterpretation: 'MONOCHROME2',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    unit: 'HU',
    presentation,
    integrity: 'lossless',
    overlayPlanes: 0,
    notes: [],
    regions: [],
  },
})

describe('the file speaks first', () => {
  test('its windows, its tables, then those of CT, then automatic ones', () => {
    const titles = presetEntries('CT', { ...plain, windows: [brain, bone], voiLuts: [table] }).map(({ title }) => title)
    expect(titles.slice(0, 4)).toEqual(['BRAIN', 'From the file, 2', 'soft', 'Brain'])
    expect(titles.slice(-3)).toEqual(['Automatic', 'Wider', 'Narrower'])
  })
  test('without any, the whole range, which is a window over least and greatest', () => {
    expect(presetEntries('MR', plain).map(({ title }) => title)).toEqual(['Whole range', 'Automatic', 'Wider', 'Narrower'])
    expect(windowOf({ kind: 'initial' }, frame(plain))).toMatchObject({ center: 40, width: 80, voiLutFunction: 'LINEAR_EXACT' })
  })
  test('a slice that lacks the chosen window shows its first', () =>
    expect(voiFor({ kind: 'file-window', index: 1 }, { ...plain, windows: [brain] })).toEqual({ kind: 'window', window: brain }))
  test('a table has no width and no centre', () => expect(windowOf({ kind: 'initial' }, frame({ ...plain, voiLuts: [table] }))).toBeNull())
})

describe('the entry shown now', () => {
  const presentation: Presentation = { ...plain, windows: [brain, bone], voiLuts: [table] }
  const entries = presetEntries('CT', presentation)
  const chosen = (id: string) => entries.find((entry) => entry.id === id)!.choose(brain, frame(presentation))!
  test.each(['file-window-0', 'file-window-1', 'file-table-0', 'brain', 'lung', 'automatic'])('%s is known again once it is chosen', (id) =>
    expect(currentPreset(chosen(id), presentation, entries)?.id).toBe(id),
  )
  test('at first is what the file puts first', () => {
    expect(currentPreset({ kind: 'initial' }, presentation, entries)?.id).toBe('file-window-0')
    const tables = { ...plain, voiLuts: [table] }
    expect(currentPreset({ kind: 'initial' }, tables, presetEntries('CR', tables))?.id).toBe('file-table-0')
    expect(currentPreset({ kind: 'initial' }, plain, presetEntries('MR', plain))?.id).toBe('range')
  })
  test('a slice that lacks the chosen table shows, and says, its first window', () =>
    expect(currentPreset({ kind: 'file-table', index: 3 }, presentation, entries)?.id).toBe('file-window-0'))
  test('wider and narrower are steps, not places', () => expect(currentPreset(chosen('wider'), presentation, entries)).toBeNull())
  test('none after a drag', () =>
    expect(currentPreset({ kind: 'window', window: draggedWindow(brain, 5, 0, [0, 100]) }, presentation, entries)).toBeNull())
})

describe('the corner says', () => {
  const named = (title: string) => ({ id: 'x', title, choose: () => null })
  test.each([
    [brain, [brain], 'BRAIN', ['W 80 L 40', 'BRAIN']],
    [brain, [brain], null, ['W 80 L 40']],
    [{ ...brain, voiLutFunction: 'SIGMOID' as const }, [brain], null, ['W 80 L 40 sigmoid']],
    [
      { ...brain, voiLutFunction: 'LINEAR_EXACT' as const },
      [{ ...brain, voiLutFunction: 'LINEAR_EXACT' as const }],
      null,
      ['W 80 L 40 linear exact'],
    ],
    [{ ...brain, voiLutFunction: 'LINEAR_EXACT' as const }, [], 'Automatic', ['W 80 L 40', 'Automatic']],
    [null, [], 'soft', ['Table: soft']],
    [null, [], 'Table from the file, 2', ['Table from the file, 2']],
  ])('%j', (window, windows, title, words) =>
    expect(voiWords(window, { ...plain, windows: [...windows] }, title === null ? null : named(title))).toEqual(words),
  )
})

test('the automatic window leaves padding out', () => {
  const padded: Presentation = { ...plain, padding: [-2000, -2000] }
  const samples = Int16Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? -2000 : 100 + (index % 100)))
  const automatic = presetEntries('CT', padded).find(({ id }) => id === 'automatic')!
  const choice = automatic.choose(null, frame(padded, samples))
  expect(choice).toMatchObject({ kind: 'window' })
  if (choice?.kind === 'window') expect(choice.window.center - choice.window.width / 2).toBeGreaterThanOrEqual(100)
})

describe('dragging', () => {
  test('to the right widens, down darkens', () => expect(draggedWindow(brain, 50, 25, [0, 1000])).toMatchObject({ width: 180, center: 90 }))
  test('never makes a window the standard forbids', () => {
    expect(draggedWindow(brain, -1e6, 0, [0, 1000]).width).toBe(1)
    expect(draggedWindow({ ...brain, voiLutFunction: 'SIGMOID' }, -1e6, 0, [0, 1]).width).toBeGreaterThan(0)
  })
})

describe('the picture for the stage', () => {
  const slice = {
    sopInstanceUid: '1.2.3',
    frameIndex: 4,
    instanceNumber: 1,
    rows: 2,
    columns: 2,
    positionMm: null,
    geometry: {
      position: null,
      orientation: null,
      pixelSpacing: [2, 0.5],
      spacingOrigin: 'patient',
      sliceThicknessMm: null,
      pixelAspectRatio: [1, 1],
    },
  } satisfies Slice
  const exact = { kind: 'window', window: { center: 40, width: 80, voiLutFunction: 'LINEAR_EXACT', explanation: '' } } as const

  test('carries its name and the true shape of its pixels, rows first', () =>
    expect(displayPicture(slice, frame(plain), exact, false)).toMatchObject({ id: '1.2.3#4', size: { pixelHeight: 2, pixelWidth: 0.5 } }))
  test('padding is black, inverted or not', () => {
    const padded = frame({ ...plain, padding: [-5, -5] })
    expect([...displayPicture(slice, padded, exact, false).display]).toEqual([0, 0, 128, 255])
    expect([...displayPicture(slice, padded, exact, true).display]).toEqual([0, 255, 128, 0])
  })
  test('the reader may invert what the file inverted', () =>
    expect([...displayPicture(slice, frame({ ...plain, inverted: true }), exact, true).display]).toEqual([0, 0, 128, 255]))
  test('without a spacing the aspect ratio gives the shape', () => {
    const geometry = { ...slice.geometry, pixelSpacing: null, pixelAspectRatio: [3, 2] as [number, number] }
    expect(displayPicture({ ...slice, geometry }, frame(plain), exact, false).size).toMatchObject({ pixelHeight: 3, pixelWidth: 2 })
  })
})
