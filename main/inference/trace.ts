/** What spatial steps did to a picture, in order, so that points and maps find the way back to the source grid. */
import type { Rectangle } from './boxes'
import type { Box } from './statistics'

export type Axis = 'rows' | 'columns'

export type TraceEntry =
  /** A rectangle was taken; what it covers beyond the picture was filled. */
  | { readonly kind: 'cut'; readonly box: Box }
  /** Corners of the outer pixels stayed where they were. */
  | { readonly kind: 'resize'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'flip'; readonly axis: Axis }
  | { readonly kind: 'transpose' }

/** Plain data: it crosses threads and is kept with a result. */
export interface Trace {
  readonly rows: number
  readonly columns: number
  readonly entries: readonly TraceEntry[]
}

export interface Size {
  readonly rows: number
  readonly columns: number
}

/** The size of the picture after the steps. */
export function sizeAfter(trace: Trace): Size {
  return trace.entries.reduce(sizeAfterEntry, { rows: trace.rows, columns: trace.columns })
}

function sizeAfterEntry(size: Size, entry: TraceEntry): Size {
  if (entry.kind === 'cut') return { rows: entry.box.rows, columns: entry.box.columns }
  if (entry.kind === 'resize') return { rows: entry.rows, columns: entry.columns }
  if (entry.kind === 'transpose') return { rows: size.columns, columns: size.rows }
  return size
}

/** Where positions along one axis of the source lie on a map, and along which of its axes. */
export interface AxisMap {
  readonly axis: Axis
  /** Sub-pixel index on the map; NaN where the network did not see the position. */
  readonly positions: Float64Array
}

/**
 * Takes every pixel centre along an axis of the source through the trace onto a map of
 * `map` pixels that spans what the network saw.
 *
 * Positions between the centre of an outer pixel and its edge are clamped to the centre: there
 * is nothing beyond it to interpolate with.
 */
export function mapAxis(trace: Trace, axis: Axis, map: Size): AxisMap {
  const positions = Float64Array.from({ length: trace[axis] }, (_, index) => index)
  let current = axis
  let size: Size = trace
  for (const entry of trace.entries) {
    const next = sizeAfterEntry(size, entry)
    if (entry.kind === 'transpose') current = current === 'rows' ? 'columns' : 'rows'
    else if (entry.kind === 'flip' && entry.axis === current) transform(positions, (x) => size[current] - 1 - x)
    else if (entry.kind === 'cut') {
      const start = current === 'rows' ? entry.box.top : entry.box.left
      const last = next[current] - 1
      transform(positions, (x) => (x - start < -0.5 || x - start >= last + 0.5 ? NaN : Math.min(Math.max(x - start, 0), last)))
    } else if (entry.kind === 'resize') rescale(positions, size[current], next[current])
    size = next
  }
  if (size[current] !== map[current]) rescale(positions, size[current], map[current])
  return { axis: current, positions }
}

function transform(positions: Float64Array, by: (x: number) => number): void {
  for (let i = 0; i < positions.length; i++) positions[i] = by(positions[i])
}

/** Corner aligned; NaN stays NaN. */
function rescale(positions: Float64Array, from: number, to: number): void {
  transform(positions, (x) => Math.min(Math.max(((x + 0.5) * to) / from - 0.5, 0), to - 1))
}

/**
 * Takes a rectangle on what the network saw, in pixel corners, back to the source. It ends at the source's edges, and may be empty.
 */
export function rectangleBack(trace: Trace, rectangle: Rectangle): Rectangle {
  const sizes: Size[] = [trace]
  for (const entry of trace.entries) sizes.push(sizeAfterEntry(sizes.at(-1)!, entry))
  const back = trace.entries.reduceRight<Rectangle>((after, entry, index) => entryBack(after, entry, sizes[index]), rectangle)
  const within = (value: number, most: number) => Math.min(Math.max(value, 0), most)
  return {
    left: within(back.left, trace.columns),
    right: within(back.right, trace.columns),
    top: within(back.top, trace.rows),
    bottom: within(back.bottom, trace.rows),
  }
}

/** `before`: the size that the entry found. */
function entryBack({ left, top, right, bottom }: Rectangle, entry: TraceEntry, before: Size): Rectangle {
  switch (entry.kind) {
    case 'transpose':
      return { left: top, right: bottom, top: left, bottom: right }
    case 'flip':
      return entry.axis === 'columns'
        ? { left: before.columns - right, right: before.columns - left, top, bottom }
        : { left, right, top: before.rows - bottom, bottom: before.rows - top }
    case 'cut': {
      const { left: cutLeft, top: cutTop } = entry.box
      return { left: left + cutLeft, right: right + cutLeft, top: top + cutTop, bottom: bottom + cutTop }
    }
    case 'resize': {
      const [across, down] = [before.columns / entry.columns, before.rows / entry.rows]
      return { left: left * across, right: right * across, top: top * down, bottom: bottom * down }
    }
  }
}

/**
 * Takes a rectangle of the source to the grid that the trace has reached.
 * Only flips, transposes and cuts may lie between.
 */
export function boxAfter(trace: Trace, box: Box): Box {
  let result = box
  let size: Size = trace
  for (const entry of trace.entries) {
    if (entry.kind === 'transpose') result = { top: result.left, left: result.top, rows: result.columns, columns: result.rows }
    else if (entry.kind === 'flip' && entry.axis === 'rows') result = { ...result, top: size.rows - result.top - result.rows }
    else if (entry.kind === 'flip') result = { ...result, left: size.columns - result.left - result.columns }
    else if (entry.kind === 'cut') result = { ...result, top: result.top - entry.box.top, left: result.left - entry.box.left }
    size = sizeAfterEntry(size, entry)
  }
  return result
}
