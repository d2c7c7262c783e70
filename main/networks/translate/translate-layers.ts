/** A TensorFlow.js layers model as an ONNX graph, layer by layer. */
import { z } from 'zod'
import { OverreadError } from '../../../contracts/errors'
import { parsed } from '../tfjs/parse-topology'
import type { TfjsModel, TfjsWeight } from '../tfjs/read-tfjs'
import { GraphBuilder, requireHoldable, Untranslatable, type Value } from './graph-builder'
import { LayerConfig, type Config } from './layer-config'
import { layers, normalisedByChannel } from './layers'

export type Translation =
  | { readonly onnx: Uint8Array<ArrayBuffer>; readonly untranslatable: null }
  | { readonly onnx: null; /** Each with its kind and name. */ readonly untranslatable: readonly string[] }

export interface TranslateOptions {
  /** Layers whose names end so are followed by a normalisation that the topology does not hold; null: none. */
  readonly normaliseAfter: string | null
  /** The sides that the topology states are left open: a network of convolutions alone takes any. */
  readonly openSides: boolean
}

const mostLayers = 10_000
const deepest = 8

const layerSchema = z.looseObject({
  class_name: z.string().max(256),
  name: z.string().min(1).max(512).optional(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.unknown()).max(64).optional(),
})
type Layer = z.infer<typeof layerSchema>
/** Name, node and tensor of what a layer takes. */
const sourceSchema = z.tuple([z.string(), z.int().min(0), z.int().min(0)]).rest(z.unknown())
const endsSchema = z.array(sourceSchema).min(1).max(64)
const modelSchema = z.looseObject({
  class_name: z.string().max(256),
  config: z.union([z.array(layerSchema).max(mostLayers), z.looseObject({ layers: z.array(layerSchema).max(mostLayers) })]),
})
type KerasModel = z.infer<typeof modelSchema>

const isModel = (kind: string) => kind === 'Functional' || kind === 'Model' || kind === 'Sequential'

/**
 * Translates a whole model. Its input takes the channels first, its outputs of pictures and volumes give them first; they bear
 * the names of the layers they come from, the input that of its own.
 *
 * @throws OverreadError 'model.schema' where the topology is not of Keras's form or runs in a circle; 'model.weights' where
 * a weight is missing or of another shape.
 */
export function translateLayersModel({ topology, weights }: TfjsModel, options: TranslateOptions): Translation {
  const model = parsed(modelSchema, topology.model_config ?? topology, 'the topology')
  const translator = new Translator(weights, options)
  const input = translator.input(model)
  const outputs = translator.run(model, [input.value], 0)
  if (translator.untranslatable.length > 0) return { onnx: null, untranslatable: translator.untranslatable }
  return { onnx: translator.graph.finish({ ...input.value, name: input.name }, outputs), untranslatable: null }
}

/** What a layers model takes: its name, and its sides without the batch, as it states them. @throws OverreadError 'model.schema' */
export function layersInput({ topology }: Pick<TfjsModel, 'topology'>): { name: string; shape: readonly (number | null)[] } {
  return inputOf(parsed(modelSchema, topology.model_config ?? topology, 'the topology'))
}

/** The layers of a layers model and of those nested in it, that do something: what each is, by name. @throws OverreadError 'model.schema' */
export function layerKinds({ topology }: Pick<TfjsModel, 'topology'>): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>()
  const add = (model: KerasModel, depth: number): void => {
    if (depth > deepest) throw new OverreadError('model.schema', `models nest more than ${deepest} deep`)
    for (const layer of layersOf(model)) {
      if (isModel(layer.class_name)) add(parsed(modelSchema, layer, `the layer ${nameOf(layer)}`), depth + 1)
      else if (layer.class_name !== 'InputLayer') kinds.set(nameOf(layer), layer.class_name)
    }
  }
  add(parsed(modelSchema, topology.model_config ?? topology, 'the topology'), 0)
  return kinds
}

class Translator {
  readonly graph = new GraphBuilder()
  readonly untranslatable: string[] = []
  #done = 0

  constructor(
    private readonly weights: ReadonlyMap<string, TfjsWeight>,
    private readonly options: TranslateOptions,
  ) {}

  /** What goes into the model as a whole. */
  input(model: KerasModel): { name: string; value: Value } {
    const { name, shape } = inputOf(model)
    const open = shape.map((side, axis) => (this.options.openSides && axis < shape.length - 1 ? null : side))
    return { name, value: { name, shape: open } }
  }

  /** Its outputs, in their order. */
  run(model: KerasModel, inputs: readonly Value[], depth: number): { name: string; value: Value }[] {
    if (depth > deepest) throw new OverreadError('model.schema', `models nest more than ${deepest} deep`)
    return model.class_name === 'Sequential' ? this.#runSequence(model, inputs, depth) : this.#runGraph(model, inputs, depth)
  }

  #runSequence(model: KerasModel, inputs: readonly Value[], depth: number): { name: string; value: Value }[] {
    let values = inputs
    let last = ''
    for (const layer of layersOf(model)) {
      if (layer.class_name === 'InputLayer') continue
      values = this.#layer(layer, values, depth)
      last = nameOf(layer)
    }
    return values.map((value, index) => ({ name: index === 0 ? last : `${last}_${index}`, value }))
  }

  /** Layers in the order in which what they take is there. One that stands at several places has a node for each. */
  #runGraph(model: KerasModel, inputs: readonly Value[], depth: number): { name: string; value: Value }[] {
    const values = new Map<string, readonly Value[]>()
    const entries = endsOf(model, 'input_layers')
    if (entries.length !== inputs.length) throw new OverreadError('model.schema', 'a nested model takes another number of inputs')
    entries.forEach(([name], index) => values.set(keyOf(name, 0), [inputs[index]]))
    let waiting = layersOf(model)
      .filter(({ class_name: kind }) => kind !== 'InputLayer')
      .flatMap((layer) => (layer.inbound_nodes ?? []).map((node, place) => ({ layer, place, sources: sourcesOf(node) })))
    const offsets = nodeOffsets(
      waiting.map(({ layer }) => layer),
      [...waiting.flatMap(({ sources }) => sources), ...endsOf(model, 'output_layers')],
    )
    while (waiting.length > 0) {
      const ready = waiting.filter(({ sources }) => sources.every(([name, node]) => values.has(keyOf(name, node))))
      if (ready.length === 0) throw new OverreadError('model.schema', `the layer ${nameOf(waiting[0].layer)} waits for what never comes`)
      for (const { layer, place, sources } of ready) {
        const taken = sources.map(([name, node, tensor]) => tensorOf(values.get(keyOf(name, node)), tensor, name))
        values.set(keyOf(nameOf(layer), place + (offsets.get(nameOf(layer)) ?? 0)), this.#layer(layer, taken, depth))
      }
      const done = new Set(ready)
      waiting = waiting.filter((step) => !done.has(step))
    }
    return endsOf(model, 'output_layers').map(([name, node, tensor]) => ({
      name: tensor === 0 && node === 0 ? name : `${name}_${node}_${tensor}`,
      value: tensorOf(values.get(keyOf(name, node)), tensor, name),
    }))
  }

  #layer(layer: Layer, inputs: readonly Value[], depth: number): readonly Value[] {
    if (++this.#done > mostLayers) throw new OverreadError('model.schema', `more than ${mostLayers} layers`)
    const name = nameOf(layer)
    if (isModel(layer.class_name)) {
      return this.run(parsed(modelSchema, layer, `the layer ${name}`), inputs, depth + 1).map(({ value }) => value)
    }
    // Shapes are no longer known: of the rest only the kinds are looked at, so that everything is named at once.
    if (this.untranslatable.length > 0) {
      if (!Object.hasOwn(layers, layer.class_name)) this.untranslatable.push(`${layer.class_name} ${name}`.slice(0, 200))
      return [inputs[0] ?? nothing]
    }
    try {
      return [this.#translated(layer, name, inputs)]
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error
      this.untranslatable.push(`${layer.class_name} ${name}${error.message === '' ? '' : ` (${error.message})`}`.slice(0, 200))
      return [inputs[0] ?? nothing]
    }
  }

  #translated({ class_name: kind, config }: Layer, name: string, inputs: readonly Value[]): Value {
    const translate = Object.hasOwn(layers, kind) ? layers[kind] : null
    if (!translate || inputs.length === 0) throw new Untranslatable('')
    const value = translate(this.graph, inputs, new LayerConfig(name, config as Config, this.weights))
    requireHoldable(value, `the layer ${name}`)
    const suffix = this.options.normaliseAfter
    return suffix !== null && name.endsWith(suffix) ? normalisedByChannel(this.graph, value) : value
  }
}

function inputOf(model: KerasModel): { name: string; shape: readonly (number | null)[] } {
  const list = layersOf(model)
  const [first, ...more] = list.filter(({ class_name: kind, config }) => kind === 'InputLayer' || config.batch_input_shape !== undefined)
  if (!first || (model.class_name !== 'Sequential' && more.some(({ class_name: kind }) => kind === 'InputLayer')))
    throw new OverreadError('model.schema', 'a network takes one input, of a stated shape')
  const [, ...shape] = parsed(z.array(z.int().min(1).max(65_536).nullable()).min(2).max(6), first.config.batch_input_shape, 'the input')
  return { name: first.class_name === 'InputLayer' ? nameOf(first) : `${nameOf(first)}_input`, shape }
}

/** A nested model counts its own making as its first node, so what takes from it begins at the second. */
function nodeOffsets(list: readonly Layer[], taken: z.infer<typeof endsSchema>): ReadonlyMap<string, number> {
  const models = new Set(list.filter(({ class_name: kind }) => isModel(kind)).map(nameOf))
  const least = new Map<string, number>()
  for (const [name, node] of taken) if (models.has(name)) least.set(name, Math.min(node, least.get(name) ?? node))
  return least
}

const nothing: Value = { name: '', shape: [] }

const keyOf = (name: string, node: number) => `${node}/${name}`

function tensorOf(values: readonly Value[] | undefined, tensor: number, name: string): Value {
  const value = values?.[tensor]
  if (!value) throw new OverreadError('model.schema', `the layer ${name} has no such output`)
  return value
}

function layersOf({ config }: KerasModel): readonly Layer[] {
  return Array.isArray(config) ? config : config.layers
}

function nameOf({ name, config }: Layer): string {
  const own = name ?? config.name
  if (typeof own !== 'string' || own === '' || own.length > 512) throw new OverreadError('model.schema', 'a layer has no name')
  return own
}

function endsOf({ config }: KerasModel, key: 'input_layers' | 'output_layers') {
  const ends = Array.isArray(config) ? undefined : config[key]
  // A single one may stand without the list around it.
  return parsed(endsSchema, Array.isArray(ends) && typeof ends[0] === 'string' ? [ends] : ends, key)
}

/** What a node takes. Keras 3 writes objects there, which TensorFlow.js reads itself. */
function sourcesOf(node: unknown): z.infer<typeof endsSchema> {
  return parsed(endsSchema, Array.isArray(node) && typeof node[0] === 'string' ? [node] : node, 'an inbound node')
}
