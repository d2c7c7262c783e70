/** Windows offered to a reader. Pure. */
import type { Samples } from '../../../contracts/frame'
import type { Window } from './voi'

export interface Preset {
  readonly id: string
  readonly title: string
  readonly window: Window
}

function linear(explanation: string, center: number, width: number): Window {
  return { center, width, voiLutFunction: 'LINEAR', explanation }
}

/** For CT, in HU. */
export const ctPresets: readonly Preset[] = (
  [
    ['brain', 'Brain', 40, 80],
    ['subdural', 'Subdural', 75, 215],
    ['stroke', 'Stroke', 36, 28],
    ['temporal-bone', 'Temporal bone', 600, 2800],
    ['bone', 'Bone', 400, 1800],
    ['lung', 'Lung', -600, 1500],
    ['mediastinum', 'Mediastinum', 40, 400],
    ['abdomen', 'Abdomen', 50, 400],
    ['liver', 'Liver', 60, 160],
    ['angiography', 'Angiography', 300, 600],
    ['spine', 'Spine, soft tissue', 50, 250],
  ] as const
).map(([id, title, center, width]) => ({ id, title, window: linear(title, center, width) }))

/** How many values are looked at for percentiles; more change nothing a reader sees. */
const sampledValues = 1 << 16

/**
 * A window over the bulk of a frame's modality values: from the 1st to the 99th percentile, padding left out.
 * Null where all values are the same.
 */
export function automaticWindow(modality: Samples, padding: readonly [low: number, high: number] | null): Window | null {
  const step = Math.max(1, Math.floor(modality.length / sampledValues))
  const values: number[] = []
  for (let i = 0; i < modality.length; i += step) {
    const value = modality[i]
    if (Number.isFinite(value) && !(padding && value >= padding[0] && value <= padding[1])) values.push(value)
  }
  if (values.length === 0) return null
  values.sort((a, b) => a - b)
  const at = (share: number) => values[Math.round(share * (values.length - 1))]
  let low = at(0.01)
  let high = at(0.99)
  if (low === high) [low, high] = [values[0], values[values.length - 1]]
  return low < high ? { center: (low + high) / 2, width: high - low, voiLutFunction: 'LINEAR_EXACT', explanation: 'Automatic' } : null
}

/** The same centre, half as much again. */
export function widerWindow(window: Window): Window {
  return { ...window, width: window.width * 1.5, explanation: 'Wider' }
}

/** The same centre, two thirds; not below what the function allows. */
export function narrowerWindow(window: Window): Window {
  const width = window.width / 1.5
  return { ...window, width: window.voiLutFunction === 'LINEAR' ? Math.max(1, width) : width, explanation: 'Narrower' }
}

/** The presets for a frame: CT's in HU, else "automatic", "wider" and "narrower" from its own values. */
export function presetsFor(modality: string, values: Samples, padding: readonly [number, number] | null): readonly Preset[] {
  const automatic = automaticWindow(values, padding)
  const own = automatic
    ? [
        { id: 'automatic', title: 'Automatic', window: automatic },
        { id: 'wider', title: 'Wider', window: widerWindow(automatic) },
        { id: 'narrower', title: 'Narrower', window: narrowerWindow(automatic) },
      ]
    : []
  return modality === 'CT' ? [...ctPresets, ...own] : own
}
