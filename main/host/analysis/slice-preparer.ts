/** From a slice's place in the series to the tensor that the network reads, by way of the workers. */
import { OverreadError } from '../../../contracts/errors'
import type { Picture } from '../../inference/picture'
import { tensorOf, type PreparedPlane } from '../../inference/preprocess'
import { channelSlices } from '../../inference/stack'
import { noStatistics, type StepStatistics } from '../../inference/statistics'
import type { Direction, Directions } from '../../inference/steps/orient'
import type { Trace } from '../../inference/trace'
import { directionLetters } from '../../geometry/orientation'
import { geometryOf, type AnalysisInput, type AnalysisServices, type AnalysisSlice } from './analysis-input'
import type { PictureCache, StagedPictures } from './picture-cache'
import { seriesStatistics, type SeriesStatistics } from './series-statistics'
import type { DecodedPicture } from '../tasks/analysis-decode'
import type { TaskOptions } from '../worker-pool'

/** Planes kept for their neighbours' stacks. */
const planesKept = 64

export interface PreparedTensor {
  readonly tensor: Float32Array<ArrayBuffer>
  readonly trace: Trace
  /** Neighbours that could not be read; the slice itself stands in for them. */
  readonly missing: number
}

export class SlicePreparer {
  readonly timing = { decodeMs: 0, preprocessMs: 0 }
  readonly #pictures: PictureCache
  readonly #planes = new Map<number, Promise<PreparedPlane>>()
  #statistics: SeriesStatistics = () => noStatistics
  /** Of the eligible slices, mm; null where one is unknown or they form no volume. */
  readonly #positions: readonly number[] | null

  constructor(
    private readonly input: AnalysisInput,
    private readonly services: AnalysisServices,
    /** Indices of the slices that the network may read, in reading order. */
    private readonly eligible: readonly number[],
    pictures: StagedPictures,
  ) {
    this.#pictures = pictures.of(input.model.package.preprocess.from)
    const positions = eligible.map((index) => input.slices[index].positionMm)
    this.#positions = input.isVolume && positions.every((position) => position !== null) ? positions : null
  }

  /** Reads the whole series for its statistics; gives how many slices they cover. */
  async readSeries(onSlice: (done: number) => void): Promise<number> {
    const { of, covered } = await seriesStatistics(this.input.model.package, {
      workers: this.services.workers,
      indices: this.eligible,
      picture: (index) => this.#readable(index),
      options: this.#options,
      onSlice,
    })
    this.#statistics = of
    return covered
  }

  /**
   * @throws DicomError what decoding throws; OverreadError 'inference.constant'.
   */
  async prepare(index: number): Promise<PreparedTensor> {
    const { package: model } = this.input.model
    if ((await this.#decoded(index)).constant) throw new OverreadError('inference.constant')
    const own = await this.#plane(index)
    const place = this.eligible.indexOf(index)
    const channels = channelSlices(model, place, this.eligible.length, this.#positions)
    let missing = 0
    const planes = await Promise.all(
      channels.map((neighbour) =>
        neighbour === place
          ? own
          : this.#plane(this.eligible[neighbour]).catch((error: unknown) => {
              if (this.services.signal?.aborted) throw error
              missing++
              return own
            }),
      ),
    )
    const tensor = tensorOf(
      model,
      planes.map(({ values }) => values),
    )
    return { tensor, trace: own.trace, missing }
  }

  get #options(): TaskOptions {
    return { signal: this.services.signal, background: true }
  }

  #decoded(index: number): Promise<DecodedPicture> {
    const { object, frameIndex } = this.input.slices[index]
    const stage = this.input.model.package.preprocess.from
    return this.#pictures.get(index, async () => {
      const decoded = await this.services.workers.run('analysis.decode', { object, frameIndex, stage }, this.#options)
      this.timing.decodeMs += decoded.ms
      return decoded
    })
  }

  async #readable(index: number): Promise<Picture | null> {
    try {
      return (await this.#decoded(index)).picture
    } catch (error) {
      if (this.services.signal?.aborted) throw error
      return null
    }
  }

  #plane(index: number): Promise<PreparedPlane> {
    const known = this.#planes.get(index)
    if (known) return known
    const plane = this.#makePlane(index)
    this.#planes.set(index, plane)
    plane.catch(() => {})
    if (this.#planes.size > planesKept) this.#planes.delete(this.#planes.keys().next().value!)
    return plane
  }

  async #makePlane(index: number): Promise<PreparedPlane> {
    const { picture } = await this.#decoded(index)
    const series: StepStatistics = this.#statistics(picture.rows, picture.columns)
    const { preprocess } = this.input.model.package
    const directions = directionsOf(this.input.slices[index])
    const { ms, ...plane } = await this.services.workers.run('analysis.prepare', { preprocess, picture, directions, series }, this.#options)
    this.timing.preprocessMs += ms
    return plane
  }
}

/** By Image Orientation, else by Patient Orientation; the leading letter of each direction. */
function directionsOf(slice: AnalysisSlice): Directions {
  const orientation = geometryOf(slice)?.orientation
  const letters = orientation
    ? [directionLetters(orientation.slice(0, 3)), directionLetters(orientation.slice(3))]
    : slice.facts.patientOrientation.map((text) => text.trim().toUpperCase())
  const [row, column] = [letters[0]?.[0] ?? '', letters[1]?.[0] ?? '']
  return isDirection(row) && isDirection(column) ? { row, column } : null
}

function isDirection(letter: string): letter is Direction {
  return letter !== '' && 'LRAPHF'.includes(letter)
}
