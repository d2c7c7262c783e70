/** What the engine does for each request of a window. */
import type { Frame } from '../../contracts/frame'
import type { RequestInput, RequestKind, RequestOutput } from '../../contracts/protocol'
import { networksToWarm } from './compute/model-warmer'
import { openExample } from './archive/open-example'
import { explanationHandlers } from './explanation/explanation-handlers'
import { layerHandlers } from './layers/layer-handlers'
import { selfCheckHandlers } from './self-check/self-check-handlers'
import { modelHandlers } from './models/model-handlers'
import { listOperatingPoints, setOperatingPoint } from './operating-points'
import { suggestModels } from './analysis/suggest-models'
import { thumbnailOf } from './archive/thumbnails'
import type { Engine } from './engine'

export type Handlers = { readonly [K in RequestKind]: (input: RequestInput<K>) => Promise<RequestOutput<K>> | RequestOutput<K> }

export function handlersOf(engine: Engine): Handlers {
  const { archive, queue } = engine
  return {
    'studies.list': async (query) => {
      const page = await archive.listStudies(query)
      // Which version is active is learnt after the first page: verifying every package takes longer than showing it.
      void engine.models().catch(() => {})
      return page
    },
    'study.open': ({ studyKey }) => archive.studyInOrder(studyKey),
    'frame.get': async ({ studyKey, sopInstanceUid, frameIndex }) =>
      frameReply(await engine.frames.get(studyKey, sopInstanceUid, frameIndex)),
    'reader.scrolls': ({ studyKey }) => {
      queue.giveWay(studyKey)
      return {}
    },
    'overlay-planes.get': ({ studyKey, sopInstanceUid, frameIndex }) => engine.frames.overlayPlanes(studyKey, sopInstanceUid, frameIndex),
    'thumbnail.get': ({ studyKey, seriesInstanceUid, stack }) => thumbnailOf(engine, studyKey, seriesInstanceUid, stack),
    'import.cancel': ({ importId }) => {
      engine.cancelImport(importId)
      return {}
    },
    'example.open': () => openExample(engine),
    'operating-points.list': ({ modelId }) => listOperatingPoints(engine, modelId),
    'operating-point.set': (request) => setOperatingPoint(engine, request),
    'models.suggest': async ({ studyKey, seriesInstanceUid, stack }) => {
      const suggestions = await suggestModels(engine, studyKey, seriesInstanceUid, stack)
      void engine.warmer.warm(networksToWarm(await engine.models(), suggestions))
      return { suggestions }
    },
    'analysis.start': async (request) => ({ jobs: await queue.add(request) }),
    'analysis.cancel': async ({ jobId }) => {
      await queue.cancel(jobId)
      return {}
    },
    'jobs.list': async ({ studyKey }) => ({ jobs: await queue.list(studyKey) }),
    'results.list': ({ studyKey }) => archive.listResults(studyKey),
    'overlay.get': ({ studyKey, ...key }) => archive.getOverlay(studyKey, key),
    'decision.add': async ({ studyKey, ...decision }) => {
      const added = await archive.addDecision(studyKey, decision)
      engine.emit({ event: 'results.changed', studyKey })
      engine.emit({ event: 'studies.changed', studyKeys: [studyKey] })
      return added
    },
    'reader-entry.add': async ({ studyKey, entry }) => {
      const added = await archive.addReaderEntry(studyKey, entry)
      engine.emit({ event: 'results.changed', studyKey })
      engine.emit({ event: 'studies.changed', studyKeys: [studyKey] })
      return added
    },
    ...explanationHandlers(engine),
    ...modelHandlers(engine),
    ...layerHandlers(engine),
    ...selfCheckHandlers(engine),
  }
}

function frameReply({ description, samples }: Frame): RequestOutput<'frame.get'> {
  return { description, bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength) }
}
