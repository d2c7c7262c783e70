/** The square both curves are drawn in: axes from 0 to 1, a grid, and the words beside them. */
import { markup, type Markup } from './markup'

/** Of the square, in the units of the drawing. */
export const side = 280
const left = 52
const top = 12
const width = left + side + 16
const height = top + side + 46

export const across = (value: number): number => round(left + value * side)
export const down = (value: number): number => round(top + (1 - value) * side)

export interface PlotText {
  /** Read out in place of the drawing. */
  readonly title: string
  readonly across: string
  readonly down: string
}

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]

export function plot({ title, ...axes }: PlotText, content: Markup): Markup {
  const middle = { across: across(0.5), down: down(0.5) }
  return markup`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<title>${title}</title>
${ticks.map(
  (tick) => markup`<path class="grid" d="M${across(tick)} ${down(0)}V${down(1)}M${across(0)} ${down(tick)}H${across(1)}"/>
<text x="${across(tick)}" y="${down(0) + 18}" text-anchor="middle">${tick}</text>
<text x="${across(0) - 8}" y="${down(tick) + 4}" text-anchor="end">${tick}</text>`,
)}
<path class="diagonal" d="M${across(0)} ${down(0)}L${across(1)} ${down(1)}"/>
${content}
<text x="${middle.across}" y="${height - 6}" text-anchor="middle">${axes.across}</text>
<text x="14" y="${middle.down}" text-anchor="middle" transform="rotate(-90 14 ${middle.down})">${axes.down}</text>
</svg>`
}

/** A line through points of the unit square. */
export function line(points: readonly (readonly [number, number])[]): Markup {
  return markup`<path class="curve" d="M${points.map(([x, y]) => `${across(x)} ${down(y)}`).join('L')}"/>`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
