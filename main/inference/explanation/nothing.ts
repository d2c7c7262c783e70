/** A picture of nothing, and pictures of which a part is nothing. */

/**
 * Every channel filled with the mean of its border: what stands at the edge of a picture is what is there where nothing is shown. A blurred
 * picture is no such thing, as much of what a network goes by is coarse.
 */
export function nothingOf(tensor: Float32Array, rows: number, columns: number): Float32Array {
  const nothing = new Float32Array(tensor.length)
  const size = rows * columns
  for (let plane = 0; plane < tensor.length; plane += size) {
    let sum = 0
    let count = 0
    for (let row = 0; row < rows; row++) {
      const step = row === 0 || row === rows - 1 ? 1 : Math.max(1, columns - 1)
      for (let column = 0; column < columns; column += step) {
        sum += tensor[plane + row * columns + column]
        count++
      }
    }
    nothing.fill(sum / count, plane, plane + size)
  }
  return nothing
}

/** Writes the picture where the mask is 1 and nothing where it is 0; between them, a mixture. */
export function mixInto(to: Float32Array, tensor: Float32Array, nothing: Float32Array, mask: ArrayLike<number>): void {
  for (let plane = 0; plane < tensor.length; plane += mask.length) {
    for (let place = 0, i = plane; place < mask.length; place++, i++) to[i] = nothing[i] + (tensor[i] - nothing[i]) * mask[place]
  }
}
