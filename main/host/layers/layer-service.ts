/** The layers of a network on one picture: prepared once, run a layer at a time, kept while a reader looks. */
import type { Layer, LayerList } from '../../../contracts/layers'
import { OverreadError } from '../../../contracts/errors'
import { isPictureModel } from '../../../contracts/model-package'
import type { RequestInput, RequestOutput } from '../../../contracts/protocol'
import type { QuantisedMaps } from '../../inference/layers/layer-maps'
import { stepsAfter } from '../../inference/layers/steps-after'
import { isTfjsProvider, runByTfjs } from '../../inference/providers'
import type { InstalledNetwork } from '../analysis/analysis-input'
import type { PreparedTensor } from '../analysis/slice-preparer'
import { askLayerMaps, askLayers } from '../compute/layer-client'
import type { Engine } from '../engine'
import { LayerCache } from './layer-cache'
import { preparePicture, type PictureReference } from './prepare-picture'

type MapsWanted = RequestInput<'layers.maps'>

interface OpenPicture {
  readonly key: string
  readonly prepared: Promise<PreparedTensor>
  readonly abort: AbortController
}

export class LayerService {
  readonly #engine: Engine
  /** By the hash of the weights. */
  readonly #lists = new Map<string, Promise<Layer[]>>()
  readonly #cache = new LayerCache()
  #picture: OpenPicture | null = null
  /** Runs go one after the other; of those that wait only the newest goes on. */
  #turn: Promise<unknown> = Promise.resolve()
  #newest = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @throws OverreadError 'model.missing', 'layers.not-offered', what is wrong with the package */
  async list({ modelId }: RequestInput<'layers.list'>): Promise<LayerList> {
    const network = await this.#network(modelId)
    return { layers: await this.#layersOf(network), after: stepsAfter(network.package) }
  }

  /** @throws as `list`, and what preparing the picture and running it throw; 'compute.cancelled' where a newer one took its place. */
  async maps(wanted: MapsWanted): Promise<RequestOutput<'layers.maps'>> {
    const { maps, levels } = await this.#mapsOf(await this.#network(wanted.modelId), wanted)
    return levels.length === 0 ? { maps } : { maps, bytes: levels }
  }

  /** @throws as `maps`; OverreadError 'request.invalid' for a map that is not there or lies on no grid of the picture. */
  async overlay({ map, ...wanted }: RequestInput<'layers.overlay'>): Promise<RequestOutput<'layers.overlay'>> {
    const network = await this.#network(wanted.modelId)
    const { maps, levels } = await this.#mapsOf(network, wanted)
    if (maps.form !== 'maps' || !maps.spatial || map < maps.first || map >= maps.first + maps.maps.length) {
      throw new OverreadError('request.invalid', 'map')
    }
    const { trace } = await this.#prepared(network, wanted).prepared
    const size = maps.rows * maps.columns
    const place = (map - maps.first) * size
    const bytes = await this.#engine.pool.run('layer.overlay', {
      levels: levels.slice(place, place + size),
      size: { rows: maps.rows, columns: maps.columns },
      trace,
    })
    return { rows: trace.rows, columns: trace.columns, bytes }
  }

  /** A run for a reader who left is given up, unless a job runs: ending its process would cost that job's work. */
  close(): void {
    this.#newest++
    if (!this.#engine.queue.busy) this.#picture?.abort.abort()
    this.#picture = null
    this.#cache.clear()
  }

  /** Asked once of each network. */
  #layersOf(network: InstalledNetwork): Promise<Layer[]> {
    const { sha256 } = network.package
    let list = this.#lists.get(sha256)
    if (!list) {
      this.#lists.set(sha256, (list = this.#ask(network)))
      list.catch(() => this.#lists.delete(sha256))
    }
    return list
  }

  /** Of a translated network only where it is the one that runs: others would be shown layers that gave no answer of theirs. */
  async #ask({ folder, package: { sha256, engine } }: InstalledNetwork): Promise<Layer[]> {
    const model = { folder, sha256 }
    if (engine === 'tfjs') {
      const { provider } = await this.#engine.compute.prepare(model, 'cpu')
      if (isTfjsProvider(provider)) throw new OverreadError('layers.not-offered', runByTfjs)
    }
    return askLayers(this.#engine.compute, model)
  }

  async #mapsOf(network: InstalledNetwork, wanted: MapsWanted): Promise<QuantisedMaps> {
    await this.#layersOf(network)
    const picture = this.#prepared(network, wanted)
    const key = `${wanted.layer} ${wanted.first}`
    const kept = this.#cache.get(key)
    if (kept) return kept
    const own = ++this.#newest
    const run = this.#turn.then(async () => {
      if (own !== this.#newest) throw new OverreadError('compute.cancelled')
      const { tensor } = await picture.prepared
      const { layer, first } = wanted
      const { folder } = network
      const model = { folder, sha256: network.package.sha256 }
      return askLayerMaps(this.#engine.compute, { model, layer, first, tensor }, picture.abort.signal)
    })
    this.#turn = run.catch(() => {})
    const maps = await run
    if (this.#picture === picture) this.#cache.put(key, maps)
    return maps
  }

  #prepared(network: InstalledNetwork, wanted: PictureReference): OpenPicture {
    const { studyKey, seriesInstanceUid, stack, sopInstanceUid, frameIndex } = wanted
    const key = JSON.stringify([network.package.sha256, network.folder, studyKey, seriesInstanceUid, stack, sopInstanceUid, frameIndex])
    if (this.#picture?.key === key) return this.#picture
    // What was kept is of another picture.
    this.#cache.clear()
    const abort = new AbortController()
    const prepared = preparePicture(this.#engine, network, wanted, abort.signal)
    const picture = { key, prepared, abort }
    this.#picture = picture
    // What failed is tried anew when it is asked for again.
    prepared.catch(() => {
      if (this.#picture === picture) this.#picture = null
    })
    return picture
  }

  async #network(modelId: string): Promise<InstalledNetwork> {
    const model = (await this.#engine.models()).find(({ id }) => id === modelId)
    if (!model) throw new OverreadError('model.missing', modelId)
    if (!model.package) throw new OverreadError(model.error?.code ?? 'model.schema')
    if (!isPictureModel(model.package)) throw new OverreadError('layers.not-offered', 'it reads volumes')
    return { ...model, package: model.package }
  }
}
