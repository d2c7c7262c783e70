/**
 * How much two outlines share.
 *
 * Dice LR. "Measures of the amount of ecologic association between species", Ecology 26(3), 1945:
 * Dice = 2 |A and B| / (|A| + |B|). Range 0 (nothing shared) to 1 (the same). Where both are empty it is 0 / 0: no value,
 * for the caller to count and leave out of means. Where one of them is empty it is 0.
 */

export interface Overlap {
  /** Pixels of the truth. */
  readonly truth: number
  /** Pixels of the network's outline. */
  readonly found: number
  /** Pixels of both. */
  readonly shared: number
}

/**
 * What is not 0 is inside.
 *
 * @throws RangeError where the masks differ in size
 */
export function overlapOf(truth: Uint8Array, found: Uint8Array): Overlap {
  if (truth.length !== found.length) throw new RangeError('masks of two sizes')
  let [inTruth, inFound, shared] = [0, 0, 0]
  for (let index = 0; index < truth.length; index++) {
    if (truth[index] !== 0) inTruth++
    if (found[index] !== 0) inFound++
    if (truth[index] !== 0 && found[index] !== 0) shared++
  }
  return { truth: inTruth, found: inFound, shared }
}

/** Null where both are empty. */
export function dice({ truth, found, shared }: Overlap): number | null {
  return truth + found === 0 ? null : (2 * shared) / (truth + found)
}
