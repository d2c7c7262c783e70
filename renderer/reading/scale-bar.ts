/** The scale bar: a round length that fits beside the picture. */

export interface ScaleBar {
  readonly lengthPx: number
  readonly label: string
}

const lengthsMm = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500] as const

/**
 * The longest round length of at most `mostPx` CSS pixels; null where not even the shortest fits.
 * `pxPerMm`: CSS pixels a millimetre along the bar.
 */
export function scaleBar(pxPerMm: number, mostPx: number): ScaleBar | null {
  if (!(pxPerMm > 0) || !Number.isFinite(pxPerMm)) return null
  const length = lengthsMm.findLast((mm) => mm * pxPerMm <= mostPx)
  if (length === undefined) return null
  return { lengthPx: length * pxPerMm, label: length >= 10 ? `${length / 10} cm` : `${length} mm` }
}
