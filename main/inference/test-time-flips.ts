/** Running a picture mirrored as well, and averaging what comes of it as probabilities. */
import type { NetworkOutput } from './outputs'
import type { Axis } from './trace'

/** Planes of rows × columns, each mirrored: `columns` swaps left and right. */
export function mirrored(values: Float32Array, rows: number, columns: number, axis: Axis): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += rows * columns) {
    for (let row = 0; row < rows; row++) {
      const from = start + row * columns
      if (axis === 'rows') result.set(values.subarray(from, from + columns), start + (rows - 1 - row) * columns)
      else for (let column = 0; column < columns; column++) result[from + columns - 1 - column] = values[from + column]
    }
  }
  return result
}

/** The mean of the plain run's outputs and of mirrored runs' outputs turned back. */
export function averageRuns(
  plain: readonly NetworkOutput[],
  flips: readonly { readonly axis: Axis; readonly outputs: readonly NetworkOutput[] }[],
): NetworkOutput[] {
  if (flips.length === 0) return [...plain]
  return plain.map((output, index) => {
    const sum = Float64Array.from(output.values)
    for (const { axis, outputs } of flips) {
      const back = mirrored(outputs[index].values, output.rows, output.columns, axis)
      for (let i = 0; i < sum.length; i++) sum[i] += back[i]
    }
    return { ...output, values: Float32Array.from(sum, (value) => value / (flips.length + 1)) }
  })
}
