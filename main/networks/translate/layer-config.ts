/** Reading a Keras layer's configuration. All of it comes from outside: what is not of its form ends the translation. */
import { OverreadError } from '../../../contracts/errors'
import type { TfjsWeight } from '../tfjs/read-tfjs'
import { Untranslatable } from './graph-builder'
import type { Padding } from './convolution'

export type Config = Readonly<Record<string, unknown>>

const mostSide = 65_536

/** What a layer finds in its configuration and among the weights. */
export class LayerConfig {
  constructor(
    readonly name: string,
    private readonly config: Config,
    private readonly weights: ReadonlyMap<string, TfjsWeight>,
  ) {}

  number(key: string, otherwise: number): number {
    const value = this.#own(key) ?? otherwise
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(key)
    return value
  }

  text(key: string, otherwise: string): string {
    const value = this.#own(key) ?? otherwise
    if (typeof value !== 'string') throw new Untranslatable(`${key} of another kind`)
    return value
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.#own(key) ?? otherwise
    if (typeof value !== 'boolean') throw this.#wrong(key)
    return value
  }

  has(key: string): boolean {
    return (this.#own(key) ?? null) !== null
  }

  /** One whole number above 0 for each axis; a single one stands for all. */
  sides(key: string, count: number, otherwise: readonly number[] | number = 1): number[] {
    const value = this.#own(key) ?? otherwise
    const list: unknown[] = Array.isArray(value) ? value : Array.from({ length: count }, () => value)
    if (list.length !== count || !list.every((side): side is number => isSide(side) && side > 0)) throw this.#wrong(key)
    return list
  }

  /** Before and after for each axis: a number, a number an axis, or a pair an axis. */
  margins(key: string, count: number): [before: number, after: number][] {
    const value = this.#own(key)
    const list: unknown[] = Array.isArray(value) ? value : Array.from({ length: count }, () => value)
    const pairs = list.map((entry): unknown[] => (Array.isArray(entry) ? entry : [entry, entry]))
    if (pairs.length !== count || !pairs.every((pair) => pair.length === 2 && pair.every(isSide))) throw this.#wrong(key)
    return pairs as [number, number][]
  }

  /** Whole numbers, -1 among them where a length is to be found. */
  integers(key: string): number[] {
    const value = this.#own(key)
    if (!Array.isArray(value) || value.length > 8 || !value.every((entry) => Number.isInteger(entry))) throw this.#wrong(key)
    return value as number[]
  }

  /** A whole number, or the only one of a list. */
  axis(key: string): number {
    const value = this.#own(key)
    const [only, ...more] = Array.isArray(value) ? value : [value]
    if (!Number.isInteger(only) || more.length > 0) throw this.#wrong(key)
    return only as number
  }

  padding(): Padding {
    const padding = this.text('padding', 'valid').toLowerCase()
    if (padding !== 'same' && padding !== 'valid') throw new Untranslatable(`the padding ${padding}`)
    return padding
  }

  /** The layers that are translated keep the channels last. */
  requireChannelsLast(): void {
    if (this.text('data_format', 'channels_last') !== 'channels_last') throw new Untranslatable('channels that come first')
  }

  /** @throws OverreadError 'model.weights' where it is missing or of another shape than `rank` sides. */
  weight(name: string, rank: number): TfjsWeight {
    const found = this.#find(name)
    if (found?.shape.length !== rank) throw new OverreadError('model.weights', `the layer ${this.name} lacks its weight ${name}`)
    return found
  }

  optionalWeight(name: string, rank: number, wanted: boolean): TfjsWeight | null {
    return wanted ? this.weight(name, rank) : null
  }

  /** By the layer's name; within a nested model that one's stands before it. */
  #find(name: string): TfjsWeight | undefined {
    const own = `${this.name}/${name}`
    const exact = this.weights.get(own)
    if (exact) return exact
    const nested = [...this.weights.keys()].filter((key) => key.endsWith(`/${own}`))
    return nested.length === 1 ? this.weights.get(nested[0]) : undefined
  }

  #own(key: string): unknown {
    return Object.hasOwn(this.config, key) ? this.config[key] : undefined
  }

  #wrong(key: string): OverreadError {
    return new OverreadError('model.schema', `the layer ${this.name} has a ${key} that is not of its form`.slice(0, 300))
  }
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostSide
}
