/** Explains one score: the map by the best method that holds, and the tests of whether it can be trusted. */
import { OverreadError } from '../../../contracts/errors'
import type { ExplanationFacts, ExplanationMethod, Trust } from '../../../contracts/explanation'
import { varied } from '../test-time-variants'
import { classActivation, exactHead } from './class-activation'
import type { ExplainedNetwork, FeatureMap } from './explained-network'
import { nothingOf } from './nothing'
import { fallMap, fallsUnder, patchesOver } from './occlusion'
import { onGrid, type PlaceMap } from './place-map'
import { channelsToMask, masksThatCount, scoreCam, type MaskedScore } from './score-cam'
import { correlationOf, deletionTest, hottestOf, repeatabilityOf, shiftedCorrelation } from './trust'

export interface Explained {
  readonly facts: Omit<ExplanationFacts, 'passes'>
  readonly map: PlaceMap
}

/** A method's map, how it stands to that of the moved picture, and what was looked through. */
interface Made {
  readonly map: PlaceMap
  readonly correlation: () => Promise<number | null>
  readonly masks: number
}

interface Subject {
  readonly network: ExplainedNetwork
  readonly tensor: Float32Array
  readonly moved: Float32Array
  readonly nothing: Float32Array
  readonly score: number
  readonly scoreOfNothing: number
}

/**
 * `wanted` null: exact where that holds, else by masking, else by covering.
 *
 * @throws OverreadError 'explanation.method' where the network does not allow the method asked for; what running it throws.
 */
export async function explain(network: ExplainedNetwork, tensor: Float32Array, wanted: ExplanationMethod | null): Promise<Explained> {
  const { rows, columns } = network
  const nothing = nothingOf(tensor, rows, columns)
  const [score, scoreOfNothing] = [await network.score(tensor), await network.score(nothing)]
  const moved = varied(tensor, rows, columns, { shift: [1, 1], gain: 1, offset: 0 })
  const subject = { network, tensor, moved, nothing, score, scoreOfNothing }
  const { maps, raw } = network.hasMaps ? await network.features(tensor) : { maps: [], raw: null }
  const makers: Readonly<Record<ExplanationMethod, () => Promise<Made | null>>> = {
    cam: async () => (raw === null ? null : exactly(subject, maps, raw)),
    'score-cam': () => byMasking(subject, maps),
    occlusion: () => byCovering(subject),
  }
  const order: readonly ExplanationMethod[] = wanted === null ? ['cam', 'score-cam', 'occlusion'] : [wanted]
  for (const method of order) {
    const made = await makers[method]()
    if (!made) continue
    const shown = onGrid(made.map, network)
    const hottest = hottestOf(shown)
    const trust: Trust = {
      deletion: await deletionTest(network, tensor, nothing, score, hottest),
      repeatability: repeatabilityOf(await made.correlation()),
    }
    const channels = maps.reduce((sum, map) => sum + map.channels, 0)
    const greatest = shown.reduce((most, value) => Math.max(most, value), 0)
    const facts = { method, score, scoreOfNothing, greatest, contour: hottest?.from ?? null, channels, masks: made.masks, trust }
    return { facts, map: made.map }
  }
  throw new OverreadError('explanation.method', wanted ?? '')
}

type Raw = Awaited<ReturnType<ExplainedNetwork['features']>>['raw']

async function exactly({ network, moved }: Subject, maps: readonly FeatureMap[], raw: Raw): Promise<Made | null> {
  const { label, model } = network
  const head = exactHead(network, maps)
  const map = head && classActivation(head, maps, raw, label, model.calibration)
  if (!map) return null
  return {
    map,
    masks: 0,
    correlation: async () => {
      const after = await network.features(moved)
      const other = classActivation(head, after.maps, after.raw, label, model.calibration)
      return other && shiftedCorrelation({ ...size(network), values: onGrid(map, network) }, onGrid(other, network))
    },
  }
}

async function byMasking({ network, tensor, moved, nothing, scoreOfNothing }: Subject, maps: readonly FeatureMap[]): Promise<Made | null> {
  const channels = channelsToMask(maps)
  if (channels.length === 0) return null
  const { map, masks } = await scoreCam(network, tensor, nothing, scoreOfNothing, maps, channels)
  const again = async (counting: readonly MaskedScore[]) => {
    if (counting.length === 0) return null
    const after = await network.features(moved)
    const other = await scoreCam(network, moved, nothing, scoreOfNothing, after.maps, counting)
    return shiftedCorrelation(map, other.map.values)
  }
  return { map, masks: channels.length, correlation: () => again(masksThatCount(masks)) }
}

async function byCovering({ network, tensor, moved, nothing, score }: Subject): Promise<Made> {
  const patches = patchesOver(network)
  const falls = await fallsUnder(network, tensor, nothing, score, patches)
  const again = async () => {
    const { rows, columns } = network
    // The patches move with the picture; those at the far edges have no place to go.
    const kept = patches.flatMap((patch, index) =>
      patch.top + patch.rows < rows && patch.left + patch.columns < columns ? [{ patch, index }] : [],
    )
    const along = kept.map(({ patch }) => ({ ...patch, top: patch.top + 1, left: patch.left + 1 }))
    const after = await fallsUnder(network, moved, nothing, await network.score(moved), along)
    return correlationOf(
      kept.map(({ index }) => falls[index]),
      after,
    )
  }
  return { map: fallMap(falls, patches, network), masks: 0, correlation: again }
}

function size({ rows, columns }: ExplainedNetwork): { rows: number; columns: number } {
  return { rows, columns }
}
