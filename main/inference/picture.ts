/** One picture as pre-processing sees it: a single channel on the source grid. */
export type GreySamples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

/** Samples are finite. `valid` is 1 where a pixel is no padding; null: all are. Both are rows × columns. */
export interface Picture {
  readonly rows: number
  readonly columns: number
  readonly samples: GreySamples
  readonly valid: Uint8Array | null
}

/** Least and greatest valid sample; equal where nothing can be seen, 0 where no pixel is valid. */
export function validRange({ samples, valid }: Picture): readonly [min: number, max: number] {
  let min = Infinity
  let max = -Infinity
  if (valid) {
    for (let i = 0; i < samples.length; i++) {
      if (valid[i] === 0) continue
      const value = samples[i]
      if (value < min) min = value
      if (value > max) max = value
    }
  } else {
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return min <= max ? [min, max] : [0, 0]
}
