/** What a TensorFlow.js graph model takes, by its signature or else by its placeholders. */
import { z } from 'zod'
import { OverreadError } from '../../../contracts/errors'
import { parsed } from './parse-topology'
import type { TfjsModel } from './read-tfjs'

const mostSide = 65_536
export const mostNodes = 100_000
/** 64-bit numbers stand as text in JSON; below 0: open. */
const shapeSchema = z.looseObject({
  unknownRank: z.boolean().optional(),
  dim: z
    .array(z.looseObject({ size: z.union([z.string(), z.number()]).optional() }))
    .max(8)
    .optional(),
})
const signatureSchema = z.looseObject({
  inputs: z
    .record(
      z.string(),
      z.looseObject({
        name: z.string().max(512).optional(),
        dtype: z.string().optional(),
        tensorShape: shapeSchema.optional(),
        resourceId: z.unknown().optional(),
      }),
    )
    .optional(),
})
const nodesSchema = z.looseObject({
  node: z
    .array(
      z.looseObject({
        name: z.string().max(512),
        op: z.string().max(256),
        attr: z
          .looseObject({
            dtype: z.looseObject({ type: z.union([z.string(), z.number()]).optional() }).optional(),
            shape: z.looseObject({ shape: shapeSchema.optional() }).optional(),
          })
          .nullish(),
      }),
    )
    .max(mostNodes),
})

interface GraphInput {
  readonly name: string
  /** The node that it goes in at. */
  readonly node: string
  /** As TensorFlow has it, the batch first. */
  readonly shape: readonly (number | null)[]
}

/** @throws OverreadError 'model.schema' where graph or signature are not of their form, or there is not one input of floats with a stated number of sides. */
export function graphInput({ topology, signature }: Pick<TfjsModel, 'topology' | 'signature'>): GraphInput {
  const inputs = signed(signature) ?? placeholders(topology)
  if (inputs.length !== 1) throw new OverreadError('model.schema', `the network has ${inputs.length} inputs; one picture or volume is read`)
  const [{ name, node, type, shape }] = inputs
  if (type !== undefined && type !== 'DT_FLOAT' && type !== '1')
    throw new OverreadError('model.schema', `its input ${name} takes no floats`)
  if (!shape?.dim || shape.unknownRank) throw new OverreadError('model.schema', `its input ${name} has no stated number of sides`)
  return { name, node, shape: shape.dim.map(({ size }) => sideOf(size, name)) }
}

interface Found {
  readonly name: string
  readonly node: string
  readonly type: string | undefined
  readonly shape: z.infer<typeof shapeSchema> | undefined
}

/** Null where the model has no signature with inputs. Captured resources are none that are given. */
function signed(signature: TfjsModel['signature']): Found[] | null {
  if (signature === null) return null
  const inputs = Object.entries(parsed(signatureSchema, signature, 'the signature').inputs ?? {})
  if (inputs.length === 0) return null
  return inputs
    .filter(([, { resourceId }]) => resourceId === undefined)
    .map(([key, { name = key, dtype, tensorShape }]) => ({ name: key, node: firstOutput(name), type: dtype, shape: tensorShape }))
}

function placeholders(topology: TfjsModel['topology']): Found[] {
  return parsed(nodesSchema, topology, 'the graph')
    .node.filter(({ op }) => op.startsWith('Placeholder'))
    .map(({ name, attr }) => ({ name, node: name, type: attr?.dtype?.type?.toString(), shape: attr?.shape?.shape }))
}

/** "x:0" is the first output of the node x, and so is "x". */
export const firstOutput = (name: string) => name.replace(/:0$/, '')

function sideOf(size: string | number | undefined, name: string): number | null {
  const side = Number(size ?? NaN)
  if (Number.isInteger(side) && side < 0) return null
  if (!Number.isInteger(side) || side === 0 || side > mostSide)
    throw new OverreadError('model.schema', `its input ${name} has a side of ${size}`)
  return side
}
