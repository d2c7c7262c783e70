/** Tables of the report, and how its numbers are written. */
import type { PointFigures } from '../discrimination'
import type { Figure } from '../figure'
import { markup, type Markup } from './markup'

export interface Column {
  readonly title: string
  readonly isNumber?: boolean
}

export type Cell = string | number | Markup

export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Markup {
  const kind = (index: number) => (columns[index].isNumber ? 'number' : 'text')
  return markup`<div class="scroll"><table>
<thead><tr>${columns.map(({ title }, index) => markup`<th class="${kind(index)}" scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${row.map((cell, index) => markup`<td class="${kind(index)}">${cell}</td>`)}</tr>`)}</tbody>
</table></div>`
}

const number = (title: string): Column => ({ title, isNumber: true })

export interface NamedFigure {
  readonly name: string
  readonly figure: Figure
  /** Places behind the point. */
  readonly digits?: number
  readonly note?: string
}

export function figureTable(figures: readonly NamedFigure[]): Markup {
  return table(
    [{ title: 'Figure' }, number('Value'), number('95 % interval'), { title: 'Of what' }],
    figures.map(({ name, figure, digits = 3, note = '' }) => [name, valueOf(figure, digits), intervalOf(figure, digits), note]),
  )
}

export function pointTable(points: readonly PointFigures[], prevalence: number | null): Markup {
  return markup`${rateTable(points)}<p>Counts, and what the package states of itself:</p>${countTable(points)}${prevalence === null ? markup`` : prevalenceTable(points, prevalence)}`
}

function rateTable(points: readonly PointFigures[]): Markup {
  const rates = ['Threshold', 'Sensitivity', 'Specificity', 'PPV', 'NPV']
  return table(
    [number('No.'), { title: 'Operating point' }, ...rates.map(number)],
    points.map((point, index) => [
      index + 1,
      point.inForce ? `${point.name} (in force${point.siteSetting ? ', site setting' : ''})` : point.name,
      point.threshold,
      both(point.sensitivity),
      both(point.specificity),
      both(point.positivePredictiveValue),
      both(point.negativePredictiveValue),
    ]),
  )
}

function countTable(points: readonly PointFigures[]): Markup {
  const titles = ['No.', 'True positive', 'False negative', 'True negative', 'False positive', 'Stated sensitivity', 'Stated specificity']
  return table(
    titles.map(number),
    points.map(({ counts, stated }, index) => [
      index + 1,
      counts.truePositives,
      counts.falseNegatives,
      counts.trueNegatives,
      counts.falsePositives,
      statedAs(stated.sensitivity),
      statedAs(stated.specificity),
    ]),
  )
}

function prevalenceTable(points: readonly PointFigures[], prevalence: number): Markup {
  const rows = points.flatMap(({ atPrevalence }, index) =>
    atPrevalence ? [[index + 1, both(atPrevalence.positivePredictiveValue), both(atPrevalence.negativePredictiveValue)]] : [],
  )
  if (rows.length === 0) return markup``
  return markup`<p>Where ${prevalence} of all cases have it:</p>${table([number('No.'), number('PPV'), number('NPV')], rows)}`
}

/** The value above its interval. */
function both(figure: Figure): Markup {
  const interval = intervalOf(figure, 3)
  return markup`${valueOf(figure, 3)}${interval === '' ? markup`` : markup`<br><span class="soft">${interval}</span>`}`
}

function statedAs(value: number | null): string {
  return value === null ? 'not given' : value.toFixed(3)
}

export function valueOf({ value }: Figure, digits: number): string {
  return value === null ? 'no value' : value.toFixed(digits)
}

export function intervalOf({ interval }: Figure, digits: number): string {
  return interval === null ? '' : `${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)}`
}
