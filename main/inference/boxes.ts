/** Detection boxes: from a graph's outputs to the few that are kept. */
import { OverreadError } from '../../contracts/errors'
import type { BoxesLayout, ModelOutput } from '../../contracts/model-package'
import type { RawOutput } from './outputs'

/** A rectangle in pixel corners: 0 is the outer edge of the first pixel. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** In pixels of the tensor's planes. */
export interface Box extends Rectangle {
  /** Index into the output's labels. */
  readonly label: number
  /** 0 to 1. */
  readonly score: number
}

/** More than these no detector proposes; beyond, overlaps would take minutes. */
const mostProposals = 200_000
/** Of those above the least score, the greatest go on to the comparison of overlaps. */
const mostCompared = 5000

type Described = ModelOutput & { readonly boxes: BoxesLayout }

/**
 * The boxes that an output holds, best first, after non-maximum suppression within each label.
 *
 * `raw` gives the graph's outputs by name. `size`: of the tensor's planes.
 *
 * @throws OverreadError 'inference.output' where a shape is not the described one or a value no number.
 */
export function boxesOf(output: Described, raw: (name: string) => RawOutput, size: { rows: number; columns: number }): Box[] {
  const { boxes: layout, labels } = output
  const proposals = readProposals(output, raw)
  const candidates: Box[] = []
  for (let index = 0; index < proposals.count; index++) {
    for (const [label, score] of proposals.scores(index)) {
      if (!(score >= 0 && score <= 1)) throw new OverreadError('inference.output', `${output.name} holds a score of ${score}`)
      if (score < layout.leastScore || label >= labels.length) continue
      const box = rectangleOf(proposals.coordinates(index), layout, size)
      if (box.right > box.left && box.bottom > box.top) candidates.push({ ...box, label, score })
    }
  }
  return suppressed(candidates, layout)
}

interface Proposals {
  readonly count: number
  readonly coordinates: (index: number) => readonly number[]
  readonly scores: (index: number) => readonly (readonly [label: number, score: number])[]
}

function readProposals(output: Described, raw: (name: string) => RawOutput): Proposals {
  const { boxes: layout, labels, name } = output
  const { scores } = layout
  const leading = scores === 'after-coordinates' ? 4 : scores === 'after-objectness' ? 5 : null
  const table = tableOf(raw(name), layout.arrangement, leading === null ? 4 : leading + labels.length, name)
  const activated = (values: readonly number[]) => activate(values, output.activation)
  if (typeof scores === 'string') {
    const values = (index: number) => Array.from({ length: labels.length }, (_, label) => table.at(index, leading! + label))
    const factor = (index: number) => (scores === 'after-objectness' ? activate([table.at(index, 4)], output.activation)[0] : 1)
    return {
      count: table.count,
      coordinates: table.coordinates,
      scores: (index) => activated(values(index)).map((score, label) => [label, score * factor(index)] as const),
    }
  }
  if (scores.classes === null) {
    const beside = tableOf(raw(scores.output), layout.arrangement, labels.length, scores.output)
    if (beside.count !== table.count)
      throw new OverreadError('inference.output', `${scores.output} has ${beside.count} boxes, ${name} ${table.count}`)
    const values = (index: number) => Array.from({ length: labels.length }, (_, label) => beside.at(index, label))
    return { ...table, scores: (index) => activated(values(index)).map((score, label) => [label, score] as const) }
  }
  const [single, classes] = [raw(scores.output).values, raw(scores.classes).values]
  if (single.length !== table.count || classes.length !== table.count)
    throw new OverreadError('inference.output', `${scores.output} has ${single.length} scores for ${table.count} boxes`)
  return { ...table, scores: (index) => [[classNumber(classes[index]), activated([single[index]])[0]]] }
}

function classNumber(value: number): number {
  if (!Number.isInteger(value) || value < 0) throw new OverreadError('inference.output', `the label of a box is ${value}`)
  return value
}

/** Values of boxes as a table, whichever way they are arranged. */
function tableOf({ values, shape }: RawOutput, arrangement: BoxesLayout['arrangement'], width: number, name: string) {
  const sides = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape
  const boxByBox = arrangement === 'box-by-box'
  const [count, wide] = boxByBox ? sides : [sides[1], sides[0]]
  if (sides.length !== 2 || wide !== width || count > mostProposals || values.length !== count * width)
    throw new OverreadError('inference.output', `${name} has the shape ${shape.join(' × ')}`)
  const at = (index: number, value: number) => (boxByBox ? values[index * width + value] : values[value * count + index])
  return { count, at, coordinates: (index: number) => [at(index, 0), at(index, 1), at(index, 2), at(index, 3)] }
}

function activate(values: readonly number[], activation: ModelOutput['activation']): number[] {
  if (activation === 'none') return [...values]
  if (activation === 'sigmoid') return values.map((value) => 1 / (1 + Math.exp(-value)))
  const greatest = Math.max(...values)
  const powers = values.map((value) => Math.exp(value - greatest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

function rectangleOf(four: readonly number[], layout: BoxesLayout, { rows, columns }: { rows: number; columns: number }): Rectangle {
  if (!four.every(Number.isFinite)) throw new OverreadError('inference.output', `a box lies at ${four.join(', ')}`)
  const [across, down] = layout.unit === 'fractions' ? [columns, rows] : [1, 1]
  const [left, top, right, bottom] = cornersOf(four, layout.coordinates)
  return {
    left: clamp(left * across, columns),
    top: clamp(top * down, rows),
    right: clamp(right * across, columns),
    bottom: clamp(bottom * down, rows),
  }
}

function cornersOf([a, b, c, d]: readonly number[], coordinates: BoxesLayout['coordinates']): readonly number[] {
  if (coordinates === 'left-top-right-bottom') return [a, b, c, d]
  return coordinates === 'top-left-bottom-right' ? [b, a, d, c] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2]
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most)

/** Greedy non-maximum suppression: the best box of a label stays, what overlaps it too much goes, and so on. */
function suppressed(candidates: Box[], { mostOverlap, mostBoxes }: BoxesLayout): Box[] {
  const sorted = candidates.sort((a, b) => b.score - a.score).slice(0, mostCompared)
  const kept: Box[] = []
  for (const box of sorted) {
    if (kept.length >= mostBoxes) break
    if (!kept.some((better) => better.label === box.label && intersectionOverUnion(better, box) > mostOverlap)) kept.push(box)
  }
  return kept
}

/** 0 where they do not meet, 1 where they are the same. */
export function intersectionOverUnion(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const both = width * height
  return both / (areaOf(a) + areaOf(b) - both)
}

const areaOf = ({ left, top, right, bottom }: Rectangle) => (right - left) * (bottom - top)

/** Numbers of a box as they cross from compute: left, top, right, bottom, score, label. */
const width = 6

export function packBoxes(boxes: readonly Box[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(boxes.flatMap(({ left, top, right, bottom, score, label }) => [left, top, right, bottom, score, label]))
}

export function unpackBoxes(values: Float32Array): Box[] {
  return Array.from({ length: Math.floor(values.length / width) }, (_, index) => {
    const [left, top, right, bottom, score, label] = values.subarray(index * width, (index + 1) * width)
    return { left, top, right, bottom, score, label }
  })
}
