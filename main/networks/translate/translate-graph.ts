/** A TensorFlow.js graph model as an ONNX graph, operator by operator. */
import { z } from 'zod'
import { firstOutput, graphInput, mostNodes } from '../tfjs/graph-input'
import { parsed } from '../tfjs/parse-topology'
import type { TfjsModel, TfjsWeight } from '../tfjs/read-tfjs'
import { GraphBuilder, requireHoldable, Untranslatable, type Value } from './graph-builder'
import { GraphNode, nodeSchema, type Operand, type RawNode } from './graph-node'
import { lengthOperators } from './lengths'
import { operators } from './operators'
import type { Translation } from './translate-layers'

/** What a package says of the ONNX graph; null: as in the model. */
export interface GraphEnds {
  readonly input: string
  readonly outputs: readonly string[]
  /** In the place of sides that the model leaves open: what depends on them is known then. Null: they stay open. */
  readonly sides: readonly number[] | null
}

const topologySchema = z.looseObject({ node: z.array(nodeSchema).max(mostNodes) })
const signatureSchema = z.looseObject({
  outputs: z.record(z.string().min(1).max(512), z.looseObject({ name: z.string().min(1).max(600).optional() })).nullish(),
})

/** Why a node is not there: by itself, or for what it takes. */
type Outcome = Operand | { readonly fault: string } | { readonly missing: readonly string[] }

/**
 * Translates a whole model. Its input takes the channels first, its outputs of pictures and volumes give them first.
 *
 * @throws OverreadError 'model.schema' where graph or signature are not of their form.
 */
export function translateGraphModel(model: TfjsModel, wanted: GraphEnds | null): Translation {
  const nodes = new Map(parsed(topologySchema, model.topology, 'the graph').node.map((node) => [node.name, node]))
  const { name, node: entry, shape } = graphInput(model)
  const input: Value = { name: wanted?.input ?? name, shape: shape.slice(1).map((side, axis) => side ?? wanted?.sides?.[axis] ?? null) }
  const ends = endsOf(model, nodes)
  if (ends.length === 0) return { onnx: null, untranslatable: ['outputs that the model does not name'] }
  const graph = new GraphBuilder()
  const outcomes = new Map<string, Outcome>()
  for (const node of inOrder(nodes)) {
    const [first, ...more] = outcomesOf(graph, node, outcomes, { input, entry, weights: model.weights })
    outcomes.set(node.name, first)
    for (const [index, outcome] of more.entries()) outcomes.set(`${node.name}:${index + 1}`, outcome)
  }
  const own = ends.map((end) => end.name)
  const called = calledAs(own, wanted)
  const outputs = ends.flatMap(({ node }, index) => {
    const outcome = outcomes.get(node)
    return outcome && 'value' in outcome ? [{ name: called[index], value: outcome.value }] : []
  })
  if (outputs.length === ends.length) return { onnx: graph.finish(input, outputs), untranslatable: null }
  const behind = ends.map(({ node }) => node)
  return { onnx: null, untranslatable: faultsBehind(behind, nodes, outcomes) }
}

/** As the package calls them; where it has names of its own, by their order. */
function calledAs(own: readonly string[], wanted: GraphEnds | null): readonly string[] {
  const isOwn = wanted === null || wanted.outputs.every((name) => own.includes(name))
  return !isOwn && wanted.outputs.length === own.length ? wanted.outputs : own
}

interface Given {
  readonly input: Value
  /** The node that it goes in at. */
  readonly entry: string
  readonly weights: ReadonlyMap<string, TfjsWeight>
}

/** One, and one more for each further output of the node. */
function outcomesOf(
  graph: GraphBuilder,
  node: RawNode,
  before: ReadonlyMap<string, Outcome>,
  { input, entry, weights }: Given,
): readonly [Outcome, ...Outcome[]] {
  if (node.op === 'Const') {
    const constant = weights.get(node.name)
    return [constant ? { constant } : { fault: 'without its numbers' }]
  }
  if (node.name === entry) return [{ value: input }]
  const sources = sourcesOf(node)
  const operands = sources.map((source) => before.get(source))
  if (!Object.hasOwn(operators, node.op) && !Object.hasOwn(lengthOperators, node.op)) return [{ fault: '' }]
  const missing = sources.filter((_, index) => !isOperand(operands[index]))
  if (missing.length > 0) return [{ missing }]
  const ofShapes = isOfShapes(node.op, operands as Operand[])
  // Numbers that are only handed on stay numbers.
  if (node.op === 'Identity' && 'constant' in operands[0]!) return [operands[0]]
  try {
    const read = new GraphNode(node, operands as Operand[])
    if (ofShapes) return [lengthOperators[node.op](read)]
    const [first, ...more] = [operators[node.op](graph, read)].flat() as Value[]
    for (const value of [first, ...more]) requireHoldable(value, node.name)
    return [{ value: first }, ...more.map((value) => ({ value }))]
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    return [{ fault: error.message }]
  }
}

/** `Shape` makes one of a tensor; the others take one, and some of them know tensors as well. Numbers alone make one. */
const isOfShapes = (op: string, operands: readonly Operand[]) =>
  Object.hasOwn(lengthOperators, op) &&
  (!Object.hasOwn(operators, op) || operands.some((operand) => 'lengths' in operand) || !operands.some((operand) => 'value' in operand))

const isOperand = (outcome: Outcome | undefined) =>
  outcome !== undefined && ('value' in outcome || 'constant' in outcome || 'lengths' in outcome)

/** What a node takes, without what it only waits for. An output but the first is named with its number. */
function sourcesOf({ input = [] }: RawNode): string[] {
  return input.filter((source) => !source.startsWith('^')).map(firstOutput)
}

/** The node that gives an output. */
const giverOf = (output: string) => output.replace(/:\d+$/, '')

/** Each node after those it takes; what stands in a circle, or takes what is not there, last and as it comes. */
function inOrder(nodes: ReadonlyMap<string, RawNode>): RawNode[] {
  const takers = new Map<string, string[]>()
  const open = new Map<string, number>()
  const ready: string[] = []
  for (const node of nodes.values()) {
    const sources = new Set(sourcesOf(node).map(giverOf))
    open.set(node.name, sources.size)
    if (sources.size === 0) ready.push(node.name)
    for (const source of sources) {
      const known = takers.get(source)
      if (known) known.push(node.name)
      else takers.set(source, [node.name])
    }
  }
  for (let at = 0; at < ready.length; at++) {
    for (const taker of takers.get(ready[at]) ?? []) {
      const left = open.get(taker)! - 1
      open.set(taker, left)
      if (left === 0) ready.push(taker)
    }
  }
  const done = new Set(ready)
  return [...ready, ...[...nodes.keys()].filter((name) => !done.has(name))].map((name) => nodes.get(name)!)
}

/**
 * The outputs in the order in which TensorFlow.js gives them, by the keys of the signature or else as the nodes that nothing
 * takes or waits for. It gives the numbers among those too, which nothing computes.
 */
function endsOf({ signature }: TfjsModel, nodes: ReadonlyMap<string, RawNode>): { readonly name: string; readonly node: string }[] {
  const signed = Object.entries((signature ? parsed(signatureSchema, signature, 'the signature') : {}).outputs ?? {})
  if (signed.length > 0) return signed.map(([key, { name = key }]) => ({ name: key, node: firstOutput(name) }))
  const taken = new Set([...nodes.values()].flatMap(({ input = [] }) => input.map((source) => giverOf(source.replace(/^\^/, '')))))
  const ends = [...nodes.values()].filter(({ name, op }) => !taken.has(name) && op !== 'Const' && !op.startsWith('Placeholder'))
  return ends.map(({ name }) => ({ name, node: name }))
}

/** Operators, with their names, for which an output is not there. */
function faultsBehind(ends: readonly string[], nodes: ReadonlyMap<string, RawNode>, outcomes: ReadonlyMap<string, Outcome>): string[] {
  const faults: string[] = []
  const seen = new Set<string>()
  const waiting = [...ends]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const outcome = outcomes.get(name)
    const giver = giverOf(name)
    if (!outcome && giver !== name && nodes.has(giver) && !isOperand(outcomes.get(giver))) waiting.push(giver)
    else if (!outcome) faults.push(`the output ${name}, which no node gives`.slice(0, 200))
    else if ('missing' in outcome) waiting.push(...outcome.missing)
    else if ('fault' in outcome)
      faults.push(`${nodes.get(name)!.op} ${name}${outcome.fault === '' ? '' : ` (${outcome.fault})`}`.slice(0, 200))
    else if (!('value' in outcome)) faults.push(`${name}, which computes nothing`.slice(0, 200))
  }
  // Nothing but a circle is left that none of its own nodes explains.
  return faults.length > 0 ? faults.reverse() : ['a graph that runs in a circle']
}
