/** One picture of a series as ordering and division look at it: a frame of an instance, with what its header says of it. */
import type { FrameGeometry, FrameKind, InstanceFacts } from '../../contracts/dicom-facts'

export interface SeriesFrame {
  readonly instance: InstanceFacts
  /** From 0. */
  readonly frameIndex: number
  /** Null where the object says nothing of where the frame lies. */
  readonly geometry: FrameGeometry | null
  /** What tells it from other frames of its object; null in classic objects. */
  readonly kind: FrameKind | null
}

/** All frames of instances with a picture, in the order given. */
export function seriesFrames(instances: readonly InstanceFacts[]): SeriesFrame[] {
  return instances.flatMap((instance) => {
    const { image } = instance
    if (!image) return []
    return Array.from({ length: image.numberOfFrames }, (_, frameIndex) => ({
      instance,
      frameIndex,
      geometry: image.geometry[frameIndex] ?? (image.geometry.length === 1 ? image.geometry[0] : null),
      kind: image.frameKinds?.[frameIndex] ?? null,
    }))
  })
}

/** Whether an object's frames share one place, as those of a cine do: it places none of them. */
export function isCine({ instance: { image } }: SeriesFrame): boolean {
  return image !== null && image.numberOfFrames > 1 && image.geometry.length === 1
}

/** The position along a normal counts as the same below this, mm: positions are written with a few decimals. */
export const samePlaceMm = 0.01

/** How many of these positions along a normal, mm, lie where the one before them lies. */
export function sharedPlaces(positionsMm: readonly number[]): number {
  const sorted = [...positionsMm].sort((a, b) => a - b)
  return sorted.filter((position, index) => index > 0 && position - sorted[index - 1] < samePlaceMm).length
}
