/** Explanations for a window: one at a time, of pictures that an analysis did not refuse. */
import { OverreadError } from '../../../contracts/errors'
import { isPictureModel } from '../../../contracts/model-package'
import type { RequestInput, RequestOutput } from '../../../contracts/protocol'
import { quantise } from '../../inference/quantised'
import type { Engine } from '../engine'
import { preparePicture } from '../layers/prepare-picture'
import { versionsOf } from '../../networks/catalogue'
import { explainPicture } from './explain-picture'

type Wanted = RequestInput<'explanation.make'>

export class ExplanationService {
  readonly #engine: Engine
  readonly #running = new Map<string, AbortController>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @throws OverreadError 'explanation.stale', 'model.missing', and what preparing and explaining throw */
  async make(wanted: Wanted): Promise<RequestOutput<'explanation.make'>> {
    const abort = new AbortController()
    this.#running.set(wanted.requestId, abort)
    const made = this.#turn.then(() => this.#explain(wanted, abort.signal))
    this.#turn = made.catch(() => {})
    try {
      return await made
    } finally {
      this.#running.delete(wanted.requestId)
    }
  }

  cancel(requestId: string): void {
    this.#running.get(requestId)?.abort()
  }

  async #explain(wanted: Wanted, signal: AbortSignal): Promise<RequestOutput<'explanation.make'>> {
    const { requestId, studyKey, resultId, label, method, ...reference } = wanted
    if (signal.aborted) throw new OverreadError('compute.cancelled')
    const { results } = await this.#engine.archive.listResults(studyKey)
    const result = results.find((one) => one.resultId === resultId)
    const image = result?.images.find(
      ({ sopInstanceUid, frameIndex }) => sopInstanceUid === reference.sopInstanceUid && frameIndex === reference.frameIndex,
    )
    // What the gate or the screening refused has no score to explain; run on the reader's word, it has one.
    if (!result || !image || image.refused !== null) throw new OverreadError('explanation.stale')
    const { seriesInstanceUid, stack, model } = result
    const versions = versionsOf(await this.#engine.store.catalogue(), model.id)
    if (versions.length === 0) throw new OverreadError('model.missing', model.id)
    // By the version that made the result, also where another one is in use by now.
    const made = versions.find((entry) => entry.package?.sha256 === model.sha256 && entry.package.version === model.version)
    if (!made?.package || !isPictureModel(made.package)) throw new OverreadError('explanation.stale')
    const network = { ...made, package: made.package }
    const picture = await preparePicture(this.#engine, network, { ...reference, studyKey, seriesInstanceUid, stack }, signal)
    const { compute, pool } = this.#engine
    const { explanation, values } = await explainPicture(
      { network, picture, reference, label, method, provider: null },
      {
        compute,
        workers: pool,
        signal,
        onPasses: (done) => this.#engine.emit({ event: 'explanation.progress', requestId, done, total: null }),
      },
    )
    return { explanation, bytes: new Uint8Array(Uint16Array.from(values, quantise).buffer) }
  }
}
