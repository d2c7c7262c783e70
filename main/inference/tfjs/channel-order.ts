/** Tensors between Overread, which keeps the channels first, and TensorFlow.js and some ONNX graphs, which keep them last. */

export interface Tensor {
  readonly values: Float32Array<ArrayBuffer>
  readonly shape: readonly number[]
}

/** [1, channels, …sides] as [1, …sides, channels]. What has no sides stays as it is. */
export function channelsLast({ values, shape }: Tensor): Tensor {
  if (shape.length < 4) return { values, shape }
  const [batch, channels, ...sides] = shape
  return { values: turned(values, channels, values.length / channels), shape: [batch, ...sides, channels] }
}

/** [1, …sides, channels] as [1, channels, …sides]. */
export function channelsFirst({ values, shape }: Tensor): Tensor {
  if (shape.length < 4) return { values, shape }
  const channels = shape[shape.length - 1]
  return { values: turned(values, values.length / channels, channels), shape: [shape[0], channels, ...shape.slice(1, -1)] }
}

/** rows × columns as columns × rows. */
function turned(values: Float32Array<ArrayBuffer>, rows: number, columns: number): Float32Array<ArrayBuffer> {
  if (rows === 1 || columns === 1) return values
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]
  return result
}
