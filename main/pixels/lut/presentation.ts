/** Modality values → display values: VOI, then presentation LUT shape, padding black. PS3.3 C.11, PS3.4 N.2. Pure. */
import type { Presentation, Samples } from '../../../contracts/frame'
import { rangeWindow, tableFunction, windowFunction, type VoiTable, type Window } from './voi'

/** What is chosen to be shown: a window, a table, or the whole range of the frame. */
export type VoiChoice =
  { readonly kind: 'window'; readonly window: Window } | { readonly kind: 'table'; readonly table: VoiTable } | { readonly kind: 'range' }

/** What a frame shows when nothing was chosen: the file's first window, else its first VOI LUT, else the whole range. */
export function initialVoi({ windows, voiLuts }: Presentation): VoiChoice {
  if (windows.length > 0) return { kind: 'window', window: windows[0] }
  if (voiLuts.length > 0) return { kind: 'table', table: voiLuts[0] }
  return { kind: 'range' }
}

/**
 * Grey display values, 0 to 255, of a frame's modality values.
 *
 * @param range least and greatest modality value, padding left out
 * @param inverted 0 becomes 255; padding stays 0
 * @param padding modality values from first to second are padding
 */
export function displayGrey(
  modality: Samples,
  voi: VoiChoice,
  range: readonly [min: number, max: number],
  inverted: boolean,
  padding: readonly [low: number, high: number] | null,
): Uint8Array<ArrayBuffer> {
  const shown =
    voi.kind === 'window'
      ? windowFunction(voi.window)
      : voi.kind === 'table'
        ? tableFunction(voi.table)
        : windowFunction(rangeWindow(...range))
  const level = (value: number): number => {
    if (padding && value >= padding[0] && value <= padding[1]) return 0
    const unit = shown(value)
    return Math.round((inverted ? 1 - unit : unit) * 255)
  }
  const display = new Uint8Array(modality.length)
  if (
    modality instanceof Float32Array ||
    modality instanceof Float64Array ||
    modality instanceof Uint32Array ||
    modality instanceof Int32Array
  ) {
    for (let i = 0; i < modality.length; i++) display[i] = level(modality[i])
    return display
  }
  // One entry for each value that occurs at most: a frame has more pixels than values.
  const offset = modality instanceof Int16Array ? 32768 : modality instanceof Int8Array ? 128 : 0
  const size = modality.BYTES_PER_ELEMENT === 1 ? 256 : 65536
  const low = Math.max(-offset, Math.min(range[0], padding ? padding[0] : range[0]))
  const high = Math.min(size - 1 - offset, Math.max(range[1], padding ? padding[1] : range[1]))
  const table = new Uint8Array(size)
  for (let value = Math.ceil(low); value <= high; value++) table[value + offset] = level(value)
  for (let i = 0; i < modality.length; i++) display[i] = table[modality[i] + offset]
  return display
}
