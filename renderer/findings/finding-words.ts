/** A finding's place and size in words. Sizes only where the spacing is known. */
import type { Finding } from '../../contracts/analysis'
import { score } from '../ui/words'

const ml = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0))

/** "slices 61-74", "slice 3", or nothing for a series of one picture. */
export function sliceWords(finding: Finding, slices: number): string {
  if (slices <= 1) return ''
  return finding.firstSlice === finding.lastSlice ? `slice ${finding.firstSlice}` : `slices ${finding.firstSlice}–${finding.lastSlice}`
}

/** "0.84–0.95", or nothing where the network was not asked how far it moves. */
export function intervalWords({ interval }: Finding): string {
  return interval ? `${score(interval[0])}–${score(interval[1])}` : ''
}

/** What small changes of the picture did to a finding, in a sentence. */
export function intervalTitle({ interval, above, operatingPoint }: Finding): string {
  if (!interval) return ''
  const crossed = above ? interval[0] < operatingPoint : interval[1] >= operatingPoint
  const spread = `Small changes of the picture (shift, contrast, mirroring) gave scores from ${score(interval[0])} to ${score(interval[1])}.`
  return crossed ? `${spread} Some lie on the other side of the operating point.` : spread
}

/** "14.2 ml", "12 to 15 ml", "310 mm²", "520 pixels" or nothing. */
export function sizeWords(finding: Finding): string {
  if (finding.kind === 'image') return ''
  if (finding.volumeMl) {
    const [least, most] = finding.volumeMl
    return ml(least) === ml(most) ? `${ml(least)} ml` : `${ml(least)} to ${ml(most)} ml`
  }
  if (finding.areaMm2 !== null)
    return finding.areaMm2 >= 1000 ? `${(finding.areaMm2 / 100).toFixed(0)} cm²` : `${finding.areaMm2.toFixed(0)} mm²`
  return finding.pixels === null ? '' : `${finding.pixels} pixels`
}
