/** What a network's outlines are worth against outlines that are known. */
import { weightedMean, weightedMedian, type ClusteredValue } from './averages'
import { dice, type Overlap } from './dice'
import { discriminationOf, type Discrimination, type StatedPoint } from './discrimination'
import { figuresOf, type Figure, type Resampling } from './figure'
import { falseFindings, type FalseFindings } from './false-findings'
import { sampleOfCounts } from './grades'
import type { EdgeDistance } from './hausdorff'
import { addCounts, emptyCounts, levelScores, type PixelCounts } from './pixel-levels'

/** `assumed`: on the word of who ran the evaluation. */
export type LengthUnit = 'mm' | 'mm-assumed' | 'px'

export interface OutlinedPicture {
  readonly cluster: number
  readonly overlap: Overlap
  readonly distance: EdgeDistance
  readonly distanceUnit: LengthUnit
  /** A region of it is large enough for a finding. */
  readonly hasFinding: boolean
  /** What one pixel of it stands for, ml; null where unknown. */
  readonly pixelMl: number | null
}

export interface LabelledOutlines {
  readonly label: string
  readonly title: string
  readonly points: readonly StatedPoint[]
  readonly pictures: readonly OutlinedPicture[]
  /** By cluster. */
  readonly pixels: ReadonlyMap<number, PixelCounts>
  readonly edges: Float64Array
  readonly notLabelled: number
  readonly volumesAssumed: boolean
}

export interface AverageFigures {
  readonly values: number
  readonly mean: Figure
  readonly median: Figure
}

export interface DistanceFigures extends AverageFigures {
  readonly unit: LengthUnit
}

/** A patient whose pictures have the truth; without a name. */
export interface OutlinedPatient {
  readonly pictures: number
  readonly dice: number
  /** Mean over his pictures that have one. */
  readonly hausdorff95: number | null
  readonly truthPixels: number
  readonly foundPixels: number
}

export interface SegmentationFigures {
  readonly label: string
  readonly title: string
  readonly pictures: number
  readonly patients: number
  readonly notLabelled: number
  readonly picturesWithTruth: number
  readonly picturesWithoutTruth: number
  /** All pixels of a patient together. */
  readonly dicePerPatient: AverageFigures
  readonly dicePerPicture: AverageFigures
  /** By unit, of pictures where both outlines have pixels. */
  readonly hausdorff95: readonly DistanceFigures[]
  /** Pictures without a distance, as one of the outlines is empty. */
  readonly withoutDistance: { readonly nothingFound: number; readonly nothingTrue: number }
  /** Patients with the truth of whom a picture carries a finding and shares a pixel with it. */
  readonly foundAtAll: { readonly patients: number; readonly found: number; readonly sensitivity: Figure }
  readonly falseFindings: FalseFindings
  /** Pixel by pixel. */
  readonly byPixel: Discrimination
  /** Lowest Dice first. */
  readonly cases: readonly OutlinedPatient[]
}

export function segmentationFigures(
  { label, title, points, pictures, pixels, edges, notLabelled, volumesAssumed }: LabelledOutlines,
  resampling: Resampling,
): SegmentationFigures {
  const own = new Map<number, number>()
  for (const { cluster } of pictures) if (!own.has(cluster)) own.set(cluster, own.size)
  const numbered = pictures.map((picture) => ({ ...picture, cluster: own.get(picture.cluster)! }))
  const patients = own.size
  const withTruth = numbered.filter(({ overlap }) => overlap.truth > 0)
  const cases = patientsOf(withTruth, numbered)
  const average = (values: readonly ClusteredValue[]) => averagesOf(values, patients, resampling)
  const counts = [...own.keys()].map((cluster) => pixels.get(cluster) ?? emptyCounts(edges))
  return {
    label,
    title,
    pictures: pictures.length,
    patients,
    notLabelled,
    picturesWithTruth: withTruth.length,
    picturesWithoutTruth: pictures.length - withTruth.length,
    dicePerPatient: average([...cases].map(([cluster, { dice }]) => ({ value: dice, cluster }))),
    dicePerPicture: average(withTruth.map(({ overlap, cluster }) => ({ value: dice(overlap)!, cluster }))),
    hausdorff95: distancesOf(numbered, average),
    withoutDistance: {
      nothingFound: numbered.filter(({ distance }) => distance.kind === 'found-empty').length,
      nothingTrue: numbered.filter(({ distance }) => distance.kind === 'truth-empty').length,
    },
    foundAtAll: foundAtAll(withTruth, patients, resampling),
    falseFindings: falseFindings(
      numbered.filter(({ overlap }) => overlap.truth === 0),
      patients,
      { resampling, assumed: volumesAssumed },
    ),
    byPixel: discriminationOf(sampleOfCounts(levelScores(edges, counts), counts), points, { prevalence: null, resampling }),
    cases: [...cases.values()].sort((a, b) => a.dice - b.dice),
  }
}

/** By patient, those with the truth: the overlap of all his pictures, those without it too. */
function patientsOf(withTruth: readonly OutlinedPicture[], all: readonly OutlinedPicture[]): Map<number, OutlinedPatient> {
  const clusters = new Set(withTruth.map(({ cluster }) => cluster))
  return new Map(
    [...clusters].map((cluster) => {
      const own = all.filter((picture) => picture.cluster === cluster)
      const total = own.reduce(
        (sum, { overlap }) => ({
          truth: sum.truth + overlap.truth,
          found: sum.found + overlap.found,
          shared: sum.shared + overlap.shared,
        }),
        { truth: 0, found: 0, shared: 0 },
      )
      const distances = own.flatMap(({ distance }) => (distance.kind === 'value' ? [distance.value] : []))
      const units = new Set(own.map(({ distanceUnit }) => distanceUnit))
      const mean = distances.length === 0 || units.size > 1 ? null : distances.reduce((sum, value) => sum + value, 0) / distances.length
      return [
        cluster,
        { pictures: own.length, dice: dice(total)!, hausdorff95: mean, truthPixels: total.truth, foundPixels: total.found },
      ] as const
    }),
  )
}

function distancesOf(
  pictures: readonly OutlinedPicture[],
  average: (values: readonly ClusteredValue[]) => AverageFigures,
): DistanceFigures[] {
  return (['mm', 'mm-assumed', 'px'] as const).flatMap((unit) => {
    const values = pictures.flatMap(({ distance, distanceUnit, cluster }) =>
      distance.kind === 'value' && distanceUnit === unit ? [{ value: distance.value, cluster }] : [],
    )
    return values.length === 0 ? [] : [{ unit, ...average(values) }]
  })
}

export function averagesOf(values: readonly ClusteredValue[], clusters: number, resampling: Resampling): AverageFigures {
  const sorted = [...values].sort((a, b) => a.value - b.value)
  const [mean, median] = figuresOf(clusters, (weights) => [weightedMean(sorted, weights), weightedMedian(sorted, weights)], resampling)
  return { values: values.length, mean, median }
}

function foundAtAll(withTruth: readonly OutlinedPicture[], clusters: number, resampling: Resampling): SegmentationFigures['foundAtAll'] {
  const found = new Map<number, boolean>()
  for (const { cluster, hasFinding, overlap } of withTruth)
    found.set(cluster, (found.get(cluster) ?? false) || (hasFinding && overlap.shared > 0))
  const values = [...found].map(([cluster, isFound]) => ({ value: Number(isFound), cluster }))
  const [sensitivity] = figuresOf(clusters, (weights) => [weightedMean(values, weights)], resampling)
  return { patients: values.length, found: values.filter(({ value }) => value === 1).length, sensitivity }
}

/** Adds the pixels of a picture to those of its patient. */
export function addPixels(to: Map<number, PixelCounts>, cluster: number, edges: Float64Array, counts: PixelCounts): void {
  const own = to.get(cluster) ?? emptyCounts(edges)
  addCounts(own, counts)
  to.set(cluster, own)
}
