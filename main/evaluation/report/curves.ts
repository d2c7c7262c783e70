/** ROC curve, reliability curve and the Dice of each patient as drawings. */
import type { Discrimination } from '../discrimination'
import type { OutlinedPatient } from '../segmentation'
import { markup, type Markup } from './markup'
import { across, down, line, plot, side } from './plot'

/** With the operating points, numbered as in their table. */
export function rocPlot({ roc, operatingPoints }: Discrimination): Markup {
  const points = operatingPoints.flatMap(({ sensitivity, specificity, inForce }, index) => {
    if (sensitivity.value === null || specificity.value === null) return []
    const [x, y] = [across(1 - specificity.value), down(sensitivity.value)]
    return [
      markup`<circle class="${inForce ? 'point in-force' : 'point'}" cx="${x}" cy="${y}" r="8"/>
<text class="point-number" x="${x}" y="${y + 4}" text-anchor="middle">${index + 1}</text>`,
    ]
  })
  return plot(
    { title: 'ROC curve', across: '1 - specificity', down: 'sensitivity' },
    markup`${line(roc.map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]))}${points.reverse()}`,
  )
}

/** Below each bin how many cases lie in it, as a bar relative to the fullest. */
export function reliabilityPlot({ reliability }: Discrimination): Markup {
  const filled = reliability.flatMap(({ meanScore, share }) => (meanScore === null || share === null ? [] : [[meanScore, share] as const]))
  const most = Math.max(...reliability.map(({ cases }) => cases))
  const bars = reliability.map(({ low, high, cases }) => {
    const height = most === 0 ? 0 : (cases / most) * 0.2
    return markup`<rect class="bar" x="${across(low) + 1}" y="${down(height)}" width="${Math.max(0, (high - low) * side - 2)}" height="${height * side}"/>`
  })
  return plot(
    { title: 'Reliability curve', across: 'mean score', down: 'share that has it' },
    markup`${bars}${line(filled)}${filled.map(([x, y]) => markup`<circle class="dot" cx="${across(x)}" cy="${down(y)}" r="4"/>`)}`,
  )
}

const stripWidth = 680
const stripHeight = 150
const stripTop = 10
const stripLeft = 36

/** A bar a patient, lowest first. */
export function dicePlot(cases: readonly OutlinedPatient[]): Markup {
  const step = (stripWidth - stripLeft) / Math.max(1, cases.length)
  const y = (value: number) => stripTop + (1 - value) * stripHeight
  const title = 'Dice of each patient, lowest first'
  return markup`<svg class="strip" viewBox="0 0 ${stripWidth + 8} ${stripTop + stripHeight + 26}" role="img" aria-label="${title}">
<title>${title}</title>
${[0, 0.5, 1].map(
  (tick) => markup`<path class="grid" d="M${stripLeft} ${y(tick)}H${stripWidth}"/>
<text x="${stripLeft - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
)}
${cases.map(
  ({ dice }, index) =>
    markup`<rect class="case" x="${stripLeft + index * step + step * 0.1}" y="${y(dice)}" width="${step * 0.8}" height="${dice * stripHeight}"/>`,
)}
<text x="${(stripLeft + stripWidth) / 2}" y="${stripTop + stripHeight + 20}" text-anchor="middle">${title}</text>
</svg>`
}
