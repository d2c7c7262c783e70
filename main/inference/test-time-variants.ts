/** Running a tensor changed a little, to see how far the answer moves (test-time augmentation; Wang et al., Neurocomputing 338, 2019). */
import type { TestTimeVariant } from '../../contracts/model-package'
import type { NetworkOutput } from './outputs'

/** Planes of rows × columns, each shifted, its edge repeated, and its values changed. */
export function varied(
  values: Float32Array,
  rows: number,
  columns: number,
  { shift, gain, offset }: TestTimeVariant,
): Float32Array<ArrayBuffer> {
  const [down, right] = shift
  const result = new Float32Array(values.length)
  for (let plane = 0; plane < values.length; plane += rows * columns) {
    for (let row = 0; row < rows; row++) {
      const from = plane + clamped(row - down, rows) * columns
      const to = plane + row * columns
      for (let column = 0; column < columns; column++) result[to + column] = values[from + clamped(column - right, columns)] * gain + offset
    }
  }
  return result
}

/** The least and the greatest value at each place, among outputs that were turned back to the plain one's grid. */
export interface Spread {
  readonly low: Float32Array<ArrayBuffer>
  readonly high: Float32Array<ArrayBuffer>
}

/** Gathers the spread of one output. */
export class SpreadOf {
  readonly low: Float32Array<ArrayBuffer>
  readonly high: Float32Array<ArrayBuffer>

  constructor(private readonly plain: NetworkOutput) {
    this.low = plain.values.slice()
    this.high = plain.values.slice()
  }

  /** Takes in values on the plain output's grid. */
  add(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < this.low[i]) this.low[i] = values[i]
      if (values[i] > this.high[i]) this.high[i] = values[i]
    }
  }

  /** Takes in the output of a shifted run. `input`: the size of the tensor's planes. */
  addShifted(
    { values }: NetworkOutput,
    [down, right]: TestTimeVariant['shift'],
    input: { readonly rows: number; readonly columns: number },
  ): void {
    const { rows, columns } = this.plain
    this.add(shiftedBack(values, rows, columns, (down * rows) / input.rows, (right * columns) / input.columns))
  }
}

/** Samples each plane at (row + down, column + right), linearly, edges clamped. A map may be coarser than the input, so shifts need not be whole. */
function shiftedBack(values: Float32Array, rows: number, columns: number, down: number, right: number): Float32Array {
  if (rows * columns === 1) return values
  const vertical = taps(rows, down)
  const horizontal = taps(columns, right)
  const result = new Float32Array(values.length)
  for (let plane = 0; plane < values.length; plane += rows * columns) {
    for (let row = 0; row < rows; row++) {
      const upper = plane + vertical.first[row] * columns
      const lower = plane + vertical.second[row] * columns
      for (let column = 0; column < columns; column++) {
        const [left, next, share] = [horizontal.first[column], horizontal.second[column], horizontal.share]
        const above = values[upper + left] + (values[upper + next] - values[upper + left]) * share
        const below = values[lower + left] + (values[lower + next] - values[lower + left]) * share
        result[plane + row * columns + column] = above + (below - above) * vertical.share
      }
    }
  }
  return result
}

function taps(length: number, shift: number): { first: Int32Array; second: Int32Array; share: number } {
  const whole = Math.floor(shift)
  const at = (offset: number) => Int32Array.from({ length }, (_, index) => clamped(index + whole + offset, length))
  return { first: at(0), second: at(1), share: shift - whole }
}

function clamped(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index
}
