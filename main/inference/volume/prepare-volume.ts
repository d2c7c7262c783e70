/** From the conformed volume to what the network is sent. */
import type { VolumeModel } from '../../../contracts/model-package'
import { boxAbove, cutBox, rangeOf, tensorScale, wholeBox, type TensorScale, type VolumeValues, type VoxelBox } from './box'
import type { Sides } from './voxel-grid'

export interface PreparedBox {
  readonly box: VoxelBox
  readonly scale: TensorScale
  /** Of the box, before the scale. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>
}

/**
 * The scale is taken of the whole volume, then the box is cut.
 *
 * @param outlined labels of the package that the crop names, on the same grid
 * @throws OverreadError 'inference.constant'
 */
export function prepareBox(
  values: VolumeValues,
  sides: Sides,
  { scale, crop }: Pick<VolumeModel['preprocess'], 'scale' | 'crop'>,
  outlined: Uint8Array | null,
): PreparedBox {
  const tensor = tensorScale(values, scale)
  const box = boxOf(values, sides, crop, outlined)
  return { box, scale: tensor, values: cutBox(values, sides, box) }
}

function boxOf(values: VolumeValues, sides: Sides, crop: VolumeModel['preprocess']['crop'], outlined: Uint8Array | null): VoxelBox {
  if (crop === null) return wholeBox(sides)
  if ('model' in crop.to) return outlined ? boxAbove(outlined, sides, 0, crop.marginVoxels) : wholeBox(sides)
  return boxAbove(values, sides, crop.to.aboveShareOfGreatest * rangeOf(values)[1], crop.marginVoxels)
}

/** The tensor of a box. */
export function scaledTensor(values: Uint8Array | Float32Array, { low, high, clip }: TensorScale): Float32Array<ArrayBuffer> {
  const tensor = new Float32Array(values.length)
  const gain = 1 / (high - low)
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] - low) * gain
    tensor[index] = clip ? Math.min(1, Math.max(0, value)) : value
  }
  return tensor
}
