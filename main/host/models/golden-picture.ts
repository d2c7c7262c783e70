/** What a wrapped network is asked for its golden case: no patient, the same on every computer. */
import type { Picture } from '../../inference/picture'

const rows = 97
const columns = 83

/** A slope with a bright disc and a fine texture: 0 to 255, or to 1000 for a network that reads a file's own values. */
export function goldenPicture(stage: 'modality' | 'display'): Picture {
  const greatest = stage === 'display' ? 255 : 1000
  const samples = Uint16Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return Math.round(greatest * patternAt(row / rows, column / columns, i))
  })
  return { rows, columns, samples, valid: null }
}

/** The same in three dimensions, 0 to 1. */
export function goldenVolume([depth, height, width]: readonly [number, number, number]): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: depth * height * width }, (_, i) => {
    const slice = Math.floor(i / (height * width)) / depth
    return patternAt(Math.floor((i / width) % height) / height, (i % width) / width, i) * (1 - Math.abs(slice - 0.5))
  })
}

/** 0 to 1 at a share of the height and of the width. */
function patternAt(down: number, across: number, index: number): number {
  const disc = Math.hypot(down - 0.4, across - 0.6) < 0.2 ? 0.4 : 0
  const texture = ((index * 7919) % 31) / 310
  return 0.25 * down + 0.25 * across + disc + texture
}
