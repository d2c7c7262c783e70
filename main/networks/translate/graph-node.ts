/** Reading a node of a TensorFlow graph. All of it comes from outside: what is not of its form ends the translation. */
import { z } from 'zod'
import type { TfjsWeight } from '../tfjs/read-tfjs'
import type { Padding } from './convolution'
import { Untranslatable, type GraphBuilder, type Value } from './graph-builder'

/** 64-bit numbers stand as text in JSON, bytes as base64. */
const digits = z.string().regex(/^-?\d{1,15}$/)
const whole = z.union([z.int(), digits.transform(Number)])
const words = z.string().max(4096)
const attributeSchema = z.looseObject({
  s: words.optional(),
  i: whole.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  list: z.looseObject({ i: z.array(whole).max(64).optional(), s: z.array(words).max(64).optional() }).optional(),
})
export const nodeSchema = z.looseObject({
  name: z.string().min(1).max(512),
  op: z.string().min(1).max(256),
  input: z.array(z.string().min(1).max(600)).max(4096).optional(),
  attr: z.record(z.string().max(256), z.unknown()).nullish(),
})
export type RawNode = z.infer<typeof nodeSchema>

/** A shape, or a part of one, that the graph computes; null: not known before it runs. A single one is no list. */
export interface Lengths {
  readonly lengths: readonly (number | null)[]
  readonly isList: boolean
}

/** What goes into a node: a tensor of the graph that is built, numbers that are known, or a shape. */
export type Operand = { readonly value: Value } | { readonly constant: TfjsWeight } | Lengths

/** One value, or all of those that a node gives, in their order. */
export type TranslateOperator = (graph: GraphBuilder, node: GraphNode) => Value | readonly Value[]

export class GraphNode {
  constructor(
    private readonly raw: RawNode,
    private readonly operands: readonly Operand[],
  ) {}

  get count(): number {
    return this.operands.length
  }

  operand(place: number): Operand {
    const operand = this.operands.at(place)
    if (!operand) throw new Untranslatable('an input that is not there')
    return operand
  }

  /** What is computed. */
  value(place: number): Value {
    const operand = this.operand(place)
    if (!('value' in operand)) throw new Untranslatable('numbers alone')
    return operand.value
  }

  /** What is known before. */
  constant(place: number, rank: number | null): TfjsWeight {
    const operand = this.operand(place)
    if (!('constant' in operand)) throw new Untranslatable('what is only known when it runs')
    if (rank !== null && operand.constant.shape.length !== rank) throw new Untranslatable(`a weight of other than ${rank} sides`)
    return operand.constant
  }

  /** Known whole numbers: axes, lengths, margins. */
  integers(place: number): number[] {
    const { values } = this.constant(place, null)
    if (values.length > 16 || !values.every((value) => Number.isInteger(value))) throw new Untranslatable('no whole numbers')
    return [...values]
  }

  /** Whole numbers that are known, or a shape. */
  lengths(place: number): readonly (number | null)[] {
    const operand = this.operand(place)
    return 'lengths' in operand ? operand.lengths : this.integers(place)
  }

  isList(place: number): boolean {
    const operand = this.operand(place)
    return 'lengths' in operand ? operand.isList : 'constant' in operand && operand.constant.shape.length > 0
  }

  whole(key: string, otherwise: number): number {
    return this.#attribute(key)?.i ?? otherwise
  }

  flag(key: string, otherwise: boolean): boolean {
    return this.#attribute(key)?.b ?? otherwise
  }

  number(key: string, otherwise: number): number {
    return this.#attribute(key)?.f ?? otherwise
  }

  text(key: string, otherwise: string): string {
    const { s } = this.#attribute(key) ?? {}
    return s === undefined ? otherwise : decoded(s)
  }

  texts(key: string): string[] {
    return (this.#attribute(key)?.list?.s ?? []).map(decoded)
  }

  list(key: string): number[] | null {
    return this.#attribute(key)?.list?.i ?? null
  }

  /** One whole number above 0 for each side; batch and channels are 1. */
  sides(key: string, spatial: number): number[] {
    // Graphs of before there were dilations say nothing of them.
    const list = this.#attribute(key) === null ? Array.from({ length: spatial + 2 }, () => 1) : (this.list(key) ?? [])
    if (list.length !== spatial + 2 || list.at(0) !== 1 || list.at(-1) !== 1) throw new Untranslatable(`${key} of batch or channels`)
    const sides = list.slice(1, -1)
    if (!sides.every((side) => side > 0 && side <= 65_536)) throw new Untranslatable(`${key} of ${sides.join(' × ')}`)
    return sides
  }

  padding(): Padding {
    const padding = this.text('padding', '').toLowerCase()
    if (padding !== 'same' && padding !== 'valid') throw new Untranslatable(`the padding ${padding}`)
    return padding
  }

  requireChannelsLast(): void {
    const format = this.text('data_format', 'NHWC')
    if (format !== 'NHWC' && format !== 'NDHWC') throw new Untranslatable(`channels as in ${format.slice(0, 16)}`)
  }

  #attribute(key: string): z.infer<typeof attributeSchema> | null {
    const { attr } = this.raw
    if (!attr || !Object.hasOwn(attr, key)) return null
    const parsed = attributeSchema.safeParse(attr[key])
    if (!parsed.success) throw new Untranslatable(`${key} of another kind`)
    return parsed.data
  }
}

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString('latin1')
