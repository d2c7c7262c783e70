/** A classifier that was opened to be explained: scores of changed pictures, several at a time where that is quicker, and its last maps. */
import type { ProviderName } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import type { PictureModel } from '../../../contracts/model-package'
import { decodeOnnx } from '../../networks/onnx/decode-onnx'
import { withAdditions } from '../../networks/onnx/encode-onnx'
import { withOpenBatch } from '../../networks/onnx/open-batch'
import { openGraph, type GraphSession } from '../onnx-session'
import { activate, type RawOutput } from '../outputs'
import { GraphWalk } from './graph-walk'
import type { Label } from './label'
import { lastMaps, mapSize, valuesToLookAt } from './last-maps'
import type { MapSize } from './pooled-form'

export interface FeatureMap extends MapSize {
  readonly name: string
  /** channels × rows × columns. */
  readonly values: Float32Array
}

/** Between two passes: tells how many were made, lets other work go first, and throws where the explanation is no longer wanted. */
export type BetweenPasses = (passes: number) => Promise<void>

/** Pictures in one run, where a graph takes several. */
const batch = 8
const mostBatchBytes = 64 * 2 ** 20
/** How far the scores of a picture alone and among others may lie apart. */
const tolerance = 1e-4
const mostRounds = 4

export class ExplainedNetwork {
  /** Null: not yet known which is quicker. */
  #several: boolean | null
  readonly #times = { one: Infinity, several: Infinity }

  private constructor(
    readonly model: PictureModel,
    readonly walk: GraphWalk,
    readonly label: Label,
    private readonly session: GraphSession,
    private readonly batched: GraphSession | null,
    private readonly mapNames: readonly string[],
    private readonly between: BetweenPasses,
  ) {
    this.#several = batched ? null : false
  }

  /** @throws OverreadError 'inference.provider', 'model.weights', 'inference.output'; what `between` throws. */
  static async open(
    { package: model, weights }: { readonly package: PictureModel; readonly weights: Uint8Array },
    label: Label,
    { provider, threads }: { readonly provider: ProviderName; readonly threads?: number },
    tensor: Float32Array,
    between: BetweenPasses,
  ): Promise<ExplainedNetwork> {
    const walk = new GraphWalk(decodeOnnx(weights))
    const { names, session } = await findMaps({ walk, weights, start: label.output.name, shape: model.input.shape, tensor }, (graph) =>
      openGraph(graph, provider, threads),
    )
    const batched = await openBatched(weights, model, label, tensor, session, (graph) => openGraph(graph, provider, threads))
    return new ExplainedNetwork(model, walk, label, session, batched, names, between)
  }

  async release(): Promise<void> {
    await this.session.release()
    await this.batched?.release()
  }

  get rows(): number {
    return this.model.input.shape[2]
  }

  get columns(): number {
    return this.model.input.shape[3]
  }

  /** The label's score for a tensor. */
  async score(tensor: Float32Array): Promise<number> {
    const [score] = await this.scores(1, (_, to) => to.set(tensor))
    return score
  }

  /** The scores of `count` tensors, each of which `fill` writes. */
  async scores(count: number, fill: (index: number, to: Float32Array) => void): Promise<Float64Array> {
    const { shape } = this.model.input
    const size = shape[1] * shape[2] * shape[3]
    const most = Math.max(1, Math.min(batch, Math.floor(mostBatchBytes / (size * 4))))
    const scores = new Float64Array(count)
    for (let done = 0; done < count;) {
      const taken = this.#takesSeveral(count - done, most) ? most : 1
      const tensors = new Float32Array(taken * size)
      for (let i = 0; i < taken; i++) fill(done + i, tensors.subarray(i * size, (i + 1) * size))
      const start = performance.now()
      const [raw] = await (taken > 1 ? this.batched! : this.session).run(tensors, [taken, ...shape.slice(1)], [this.label.output.name])
      this.#measure(taken, performance.now() - start)
      for (let i = 0; i < taken; i++) scores[done + i] = scoreOf(raw, i, taken, this.label, this.model)
      done += taken
      await this.between(taken)
    }
    return scores
  }

  /** The last maps for a tensor, with the output as the graph gives it. */
  async features(tensor: Float32Array): Promise<{ maps: FeatureMap[]; raw: RawOutput }> {
    const [raw, ...found] = await this.session.run(tensor, this.model.input.shape, [this.label.output.name, ...this.mapNames])
    await this.between(1)
    const maps = found.map(({ shape, values }, index) => {
      const size = mapSize(shape)
      if (!size) throw new OverreadError('inference.output', this.mapNames[index])
      return { name: this.mapNames[index], values, ...size }
    })
    return { maps, raw }
  }

  get hasMaps(): boolean {
    return this.mapNames.length > 0
  }

  /** Both ways are tried before the quicker is kept; what is left over at the end goes one by one. */
  #takesSeveral(left: number, most: number): boolean {
    if (!this.batched || most < 2 || left < most) return false
    return this.#several ?? this.#times.several === Infinity
  }

  #measure(taken: number, ms: number): void {
    const way = taken > 1 ? 'several' : 'one'
    this.#times[way] = Math.min(this.#times[way], ms / taken)
    if (this.#times.one < Infinity && this.#times.several < Infinity) this.#several = this.#times.several < this.#times.one
  }
}

function scoreOf({ values, shape }: RawOutput, index: number, taken: number, { output, place }: Label, model: PictureModel): number {
  const length = values.length / taken
  const own = { values: values.subarray(index * length, (index + 1) * length), shape: [1, ...shape.slice(1)] }
  return activate(own, output, model.calibration).values[place]
}

interface MapSearch {
  readonly walk: GraphWalk
  readonly weights: Uint8Array
  readonly start: string
  readonly shape: readonly number[]
  readonly tensor: Float32Array
}

/** Makes values of the graph outputs, runs it once to see which are maps, and goes on behind those that are none. */
async function findMaps(
  { walk, weights, start, shape, tensor }: MapSearch,
  open: (graph: Uint8Array) => Promise<GraphSession>,
): Promise<{ names: string[]; session: GraphSession }> {
  const outputs = new Set(walk.graph.outputs.map(({ name }) => name))
  const sizes = new Map<string, MapSize | null>()
  let starts: readonly string[] = [start]
  for (let round = 0; round < mostRounds && starts.length > 0; round++) {
    const values = valuesToLookAt(walk, starts).filter((value) => !sizes.has(value))
    const probe = await open(withAdditions(weights, { outputs: values.filter((value) => !outputs.has(value)) }))
    try {
      for (const value of values) sizes.set(value, await sizeIn(probe, tensor, shape, value))
    } finally {
      await probe.release()
    }
    const { maps, unknown } = lastMaps(
      walk,
      start,
      (value) => sizes.get(value) ?? null,
      (value) => sizes.has(value),
    )
    if (unknown.length === 0 || round === mostRounds - 1) starts = []
    else starts = unknown
    if (starts.length === 0)
      return { names: maps, session: await open(withAdditions(weights, { outputs: maps.filter((map) => !outputs.has(map)) })) }
  }
  return { names: [], session: await open(weights) }
}

async function sizeIn(probe: GraphSession, tensor: Float32Array, shape: readonly number[], value: string): Promise<MapSize | null> {
  const known = probe.shapes.get(value)
  if (known?.every((side) => side !== null)) return mapSize(known)
  try {
    const [raw] = await probe.run(tensor, shape, [value])
    return mapSize(raw.shape)
  } catch (error) {
    // Whole numbers of eight bits, truth values: no map.
    if (error instanceof OverreadError && error.code === 'inference.output') return null
    throw error
  }
}

/** A session that takes several pictures and says of each what it says of it alone; null where the graph does not allow it. */
async function openBatched(
  weights: Uint8Array,
  model: PictureModel,
  label: Label,
  tensor: Float32Array,
  single: GraphSession,
  open: (graph: Uint8Array) => Promise<GraphSession>,
): Promise<GraphSession | null> {
  let session: GraphSession | null = null
  try {
    session = await open(withOpenBatch(weights, model.input))
    const { shape } = model.input
    const faded = tensor.map((value) => value / 2)
    const both = new Float32Array(tensor.length * 2)
    both.set(tensor)
    both.set(faded, tensor.length)
    const [together] = await session.run(both, [2, ...shape.slice(1)], [label.output.name])
    const alone = [tensor, faded].map((input) => single.run(input, shape, [label.output.name]))
    for (const [index, [raw]] of (await Promise.all(alone)).entries()) {
      const apart = Math.abs(scoreOf(together, index, 2, label, model) - scoreOf(raw, 0, 1, label, model))
      if (!(apart <= tolerance)) throw new OverreadError('inference.output')
    }
    return session
  } catch {
    // Fixed shapes within the graph: its pictures go one by one.
    await session?.release()
    return null
  }
}
