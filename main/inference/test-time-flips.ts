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

/** The mean of the plain run's outputs and of those of mirrored runs, which were turned back. */
export function averageRuns(plain: readonly NetworkOutput[], others: readonly (readonly NetworkOutput[])[]): NetworkOutput[] {
  if (others.length === 0) return [...plain]
  return plain.map((output, index) => {
    const sum = new Float64Array(output.values)
    for (const outputs of others) {
      const { values } = outputs[index]
      for (let i = 0; i < sum.length; i++) sum[i] += values[i]
    }
    for (let i = 0; i < sum.length; i++) sum[i] /= others.length + 1
    return { ...output, values: new Float32Array(sum) }
  })
}
