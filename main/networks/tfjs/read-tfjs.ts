/** A TensorFlow.js model as its files hold it: topology as JSON, weights as bytes by the manifest. */
import { z } from 'zod'
import { OverreadError } from '../../../contracts/errors'
import { halfToFloat } from '../../base/half-float'
import { joined } from '../onnx/wire'

export interface TfjsWeight {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'bool'
  /** As floats, whatever the kind: whole numbers above 2^24 lose their last digits, which no shape or axis has. */
  readonly values: Float32Array<ArrayBuffer>
}

export interface TfjsModel {
  readonly format: 'layers-model' | 'graph-model'
  /** Not looked at beyond being an object. */
  readonly topology: Readonly<Record<string, unknown>>
  /** Of a graph model: which of its nodes go in and come out; null where it does not say. */
  readonly signature: Readonly<Record<string, unknown>> | null
  readonly weights: ReadonlyMap<string, TfjsWeight>
}

/** The files of a package in the order in which it names them. */
export interface TfjsFiles {
  readonly topology: Uint8Array
  readonly weights: readonly { readonly name: string; readonly bytes: Uint8Array }[]
}

const name = z.string().min(1).max(512)
const side = z
  .int()
  .min(0)
  .max(1 << 24)
const bytesOf = { float32: 4, int32: 4, uint8: 1, uint16: 2, float16: 2, bool: 1 } as const
const weightSchema = z.looseObject({
  name,
  shape: z.array(side).max(8),
  dtype: z.enum(['float32', 'int32', 'bool']),
  quantization: z
    .union([
      z.looseObject({ dtype: z.enum(['uint8', 'uint16']), min: z.number(), scale: z.number() }),
      z.looseObject({ dtype: z.literal('float16') }),
    ])
    .optional(),
})
const anything = z.record(z.string(), z.unknown())
const modelSchema = z.looseObject({
  format: z.enum(['layers-model', 'graph-model']).optional(),
  modelTopology: anything,
  signature: anything.nullish(),
  /** Where older converters wrote the signature. */
  userDefinedMetadata: z.looseObject({ signature: anything.nullish() }).nullish(),
  weightsManifest: z
    .array(z.looseObject({ paths: z.array(name).max(64), weights: z.array(weightSchema).max(20_000) }))
    .min(1)
    .max(64),
})

/**
 * Reads topology and weights.
 *
 * @throws OverreadError 'model.schema' where the topology or manifest is not of TensorFlow.js's form; 'model.path' where it
 * names a file that the package does not; 'model.weights' where the bytes are not as many as the manifest says.
 */
export function readTfjs({ topology, weights: files }: TfjsFiles): TfjsModel {
  const { format, modelTopology, weightsManifest, signature, userDefinedMetadata } = parse(topology)
  const byName = new Map(files.map((file) => [file.name, file.bytes]))
  const named = weightsManifest.flatMap(({ paths }) => paths.map(besideTopology))
  const stranger = named.find((path) => !byName.has(path))
  if (stranger !== undefined) throw new OverreadError('model.path', `its weights name ${stranger}, which the package does not`)
  if (named.length !== files.length || new Set(named).size !== named.length)
    throw new OverreadError('model.schema', 'the package and the manifest do not name the same weight files')
  const weights = new Map<string, TfjsWeight>()
  for (const { paths, weights: described } of weightsManifest) {
    const bytes = joined(paths.map((path) => byName.get(besideTopology(path))!))
    let at = 0
    for (const weight of described) {
      const count = countOf(weight.shape)
      const width = bytesOf[weight.quantization?.dtype ?? weight.dtype]
      if (!(count * width <= bytes.length - at)) throw new OverreadError('model.weights', `${weight.name} lies beyond the end of its file`)
      if (weights.has(weight.name)) throw new OverreadError('model.schema', `the weight ${weight.name} stands twice`)
      weights.set(weight.name, { shape: weight.shape, dtype: weight.dtype, values: valuesOf(weight, bytes.slice(at, at + count * width)) })
      at += count * width
    }
    if (at !== bytes.length) throw new OverreadError('model.weights', `${bytes.length - at} bytes of the weights belong to nothing`)
  }
  return {
    format: format ?? ('node' in modelTopology ? 'graph-model' : 'layers-model'),
    topology: modelTopology,
    signature: userDefinedMetadata?.signature ?? signature ?? null,
    weights,
  }
}

/** The weight files that a topology names, in their order. @throws OverreadError 'model.schema' */
export function weightFilesOf(topology: Uint8Array): string[] {
  return parse(topology).weightsManifest.flatMap(({ paths }) => paths.map(besideTopology))
}

/** TensorFlow.js itself writes "./weights.bin". */
const besideTopology = (path: string) => path.replace(/^\.\//, '')

function parse(topology: Uint8Array): z.infer<typeof modelSchema> {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(topology))
  } catch (error) {
    throw new OverreadError('model.schema', 'the network is not JSON', { cause: error })
  }
  const parsed = modelSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new OverreadError('model.schema', `the network: ${issue.path.join('.')}: ${issue.message}`.slice(0, 300))
}

const countOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1)

/** As floats; quantised ones are value × scale + min. */
function valuesOf({ dtype, quantization }: z.infer<typeof weightSchema>, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const { buffer } = bytes
  if (!quantization) {
    if (dtype === 'float32') return new Float32Array(buffer)
    return Float32Array.from(dtype === 'int32' ? new Int32Array(buffer) : bytes)
  }
  if ('scale' in quantization) {
    const whole = quantization.dtype === 'uint8' ? bytes : new Uint16Array(buffer)
    const { scale, min } = quantization as { scale: number; min: number }
    return Float32Array.from(whole, (value) => value * scale + min)
  }
  return Float32Array.from(new Uint16Array(buffer), halfToFloat)
}
