/** Shapes that a TensorFlow graph computes of its tensors, as far as they are known before it runs. */
import { fromStart, Untranslatable } from './graph-builder'
import type { GraphNode, Lengths } from './graph-node'

type TranslateLengths = (node: GraphNode) => Lengths

const shape: TranslateLengths = (node) => ({ lengths: [null, ...node.value(0).shape], isList: true })

/** A part of a list, one after the other; or one of it alone. */
const slice: TranslateLengths = (node) => {
  const list = node.lengths(0)
  const [begin, end, step] = [1, 2, 3].map((place) => node.integers(place))
  if ([begin, end, step].some(({ length }) => length !== 1) || step[0] !== 1) throw new Untranslatable('steps')
  if (node.whole('ellipsis_mask', 0) !== 0 || node.whole('new_axis_mask', 0) !== 0) throw new Untranslatable('axes that are added')
  const masks = ['begin_mask', 'end_mask', 'shrink_axis_mask'].map((key) => node.whole(key, 0))
  if (masks.some((mask) => mask !== 0 && mask !== 1)) throw new Untranslatable(`masks of ${masks.join(', ')}`)
  const [isOpen, toEnd, one] = masks.map((mask) => mask === 1)
  const from = isOpen ? 0 : fromStart(begin[0], list.length)
  if (one) {
    if (from < 0 || from >= list.length) throw new Untranslatable(`place ${from}`)
    return { lengths: [list[from]], isList: false }
  }
  const to = toEnd ? list.length : fromStart(end[0], list.length)
  return { lengths: list.slice(Math.max(0, from), Math.max(0, to)), isList: true }
}

const pack: TranslateLengths = (node) => {
  const parts = Array.from({ length: node.count }, (_, place) => node.lengths(place))
  if (node.whole('axis', 0) !== 0 || parts.some(({ length }, place) => length !== 1 || node.isList(place)))
    throw new Untranslatable('lists that are packed')
  return { lengths: parts.flat(), isList: true }
}

const product: TranslateLengths = (node) => {
  const [first, second] = [node.lengths(0), node.lengths(1)]
  const [long, short] = first.length >= second.length ? [first, second] : [second, first]
  if (short.length !== 1 && short.length !== long.length) throw new Untranslatable('lists of other lengths')
  const lengths = long.map((side, place) => {
    const other = short[short.length === 1 ? 0 : place]
    return side === null || other === null ? null : side * other
  })
  return { lengths, isList: node.isList(0) || node.isList(1) }
}

const same: TranslateLengths = (node) => ({ lengths: node.lengths(0), isList: node.isList(0) })

/** By operator. Those that also work on tensors are looked up where a shape goes in. */
export const lengthOperators: Readonly<Record<string, TranslateLengths>> = {
  Shape: shape,
  StridedSlice: slice,
  Pack: pack,
  Mul: product,
  Identity: same,
  Cast: same,
}
