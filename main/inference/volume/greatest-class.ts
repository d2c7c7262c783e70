/** From the scores of a network to the number of a class at each voxel. */
import type { VolumeModel } from '../../../contracts/model-package'

type Layout = VolumeModel['input']['layout']

/** The first of the classes with the greatest score. @param scores in the layout of the network, without the batch */
export function greatestClass(scores: ArrayLike<number>, classes: number, layout: Layout): Uint8Array<ArrayBuffer> {
  const voxels = scores.length / classes
  const [perClass, perVoxel] = layout === 'NCDHW' ? [voxels, 1] : [1, classes]
  const numbers = new Uint8Array(voxels)
  for (let voxel = 0; voxel < voxels; voxel++) {
    const begin = voxel * perVoxel
    let best = scores[begin]
    for (let number = 1; number < classes; number++) {
      const score = scores[begin + number * perClass]
      if (score > best) {
        best = score
        numbers[voxel] = number
      }
    }
  }
  return numbers
}
