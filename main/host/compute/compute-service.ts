/** What the compute process does: opens sessions, tries them, runs them, one message after the other. */
import { z } from 'zod'
import { OverreadError } from '../../../contracts/errors'
import { isPictureModel } from '../../../contracts/model-package'
import { runNetwork } from '../../inference/network'
import type { Channel } from '../channel'
import { bytesOf, floatsOf, toComputeSchema, type FromCompute, type ToCompute } from './compute-protocol'
import { tryNetwork } from './compute-trial'
import { ComputeSessions, type ComputeEngine } from './compute-sessions'
import { runExplanation } from './explain-run'
import { listLayers, runLayer } from './layer-runs'
import { runVolume } from './compute-volume'
import { hearMessages, StandAside } from './stand-aside'

/** What every request bears, also one that is not understood. */
const numberedSchema = z.looseObject({ id: z.int().min(0) })

type Work = Exclude<ToCompute, { type: 'cancel' | 'stand-aside' }>

/** Answers a channel until it closes. */
export function serveCompute(channel: Channel, engine: ComputeEngine): void {
  const waiting: { work: Work; tensor: Uint8Array<ArrayBuffer> | undefined }[] = []
  const sessions = new ComputeSessions(engine)
  const aside = new StandAside(engine.surroundings.now)
  let busy = false
  /** What is under way and can stop between two of its passes. */
  const underWay = new Map<number, { cancelled: boolean }>()

  const tell = (message: FromCompute, bytes: readonly Uint8Array[] = []) => channel.post(message, bytes)
  const fail = (id: number, error: unknown) => {
    const { code, detail } = error instanceof OverreadError ? error : { code: 'internal' as const, detail: '' }
    tell({ type: 'failed', id, code, detail: detail.slice(0, 1000) })
  }

  /** @throws OverreadError 'compute.cancelled' from what it hands to `work`, once that was cancelled. */
  const stoppable = async <T>(id: number, work: (stopIfCancelled: () => void) => Promise<T>): Promise<T> => {
    const own = { cancelled: false }
    underWay.set(id, own)
    try {
      return await work(() => {
        if (own.cancelled) throw new OverreadError('compute.cancelled')
      })
    } finally {
      underWay.delete(id)
    }
  }

  const perform = async (work: Work, tensor: Uint8Array<ArrayBuffer> | undefined): Promise<void> => {
    if (work.type === 'prepare') {
      const threads = await sessions.prepare(work)
      return tell({ type: 'ready', id: work.id, residentBytes: sessions.residentBytes, threads })
    }
    if (work.type === 'prove') {
      const fault = await sessions.prove(work)
      return tell({ type: 'proven', id: work.id, residentBytes: sessions.residentBytes, fault: fault?.slice(0, 1000) ?? null })
    }
    if (work.type === 'trial') {
      const outputs = await tryNetwork(engine, work, floatsOf(tensor ?? new Uint8Array()))
      const described = outputs.map(({ name, shape }) => ({ name, shape: [...shape] }))
      return tell(
        { type: 'tried', id: work.id, residentBytes: sessions.residentBytes, outputs: described },
        outputs.map(({ values }) => bytesOf(values)),
      )
    }
    if (work.type === 'layers') {
      const layers = await listLayers(work)
      return tell({ type: 'layer-list', id: work.id, residentBytes: sessions.residentBytes, layers })
    }
    if (work.type === 'layer-maps') {
      const { maps, levels } = await runLayer(work, work.layer, work.first, floatsOf(tensor ?? new Uint8Array()))
      return tell({ type: 'layer-maps', id: work.id, residentBytes: sessions.residentBytes, maps }, [levels])
    }
    if (work.type === 'explain') {
      const { facts, map } = await stoppable(work.id, (stopIfCancelled) =>
        runExplanation(work, floatsOf(tensor ?? new Uint8Array()), async (passes) => {
          tell({ type: 'explain-progress', id: work.id, passes })
          await letOthersGoFirst()
          stopIfCancelled()
        }),
      )
      const { rows, columns, values } = map
      return tell({ type: 'explained', id: work.id, residentBytes: sessions.residentBytes, rows, columns, facts }, [bytesOf(values)])
    }
    await stoppable(work.id, (stopIfCancelled) => run(work, tensor, stopIfCancelled))
  }

  /** A picture or a volume of a job, whose session waits before each of its passes while a reader turns slices. */
  const run = async (
    work: Extract<Work, { type: 'run' | 'run-volume' }>,
    tensor: Uint8Array<ArrayBuffer> | undefined,
    stopIfCancelled: () => void,
  ): Promise<void> => {
    const { session: opened, loaded } = await sessions.open(work)
    const session = aside.before(opened, stopIfCancelled)
    const { package: model } = loaded
    if (work.type === 'run-volume') {
      const room = { availableBytes: engine.availableBytes(), now: aside.working }
      const { labels, runMs } = await runVolume(session, loaded, work, tensor, room)
      return tell({ type: 'label-map', id: work.id, residentBytes: sessions.residentBytes, runMs }, [labels])
    }
    if (!isPictureModel(model)) throw new OverreadError('request.invalid', 'a volume is run as one')
    const { shape } = model.input
    const input = floatsOf(tensor ?? new Uint8Array())
    if (input.length !== shape.reduce((product, side) => product * side, 1)) throw new OverreadError('request.invalid', 'tensor')
    const start = aside.working()
    const { outputs, distance } = await runNetwork(session, model, input)
    const runMs = aside.working() - start
    const described = outputs.map(({ name, rows, columns, spread }) => ({ name, rows, columns, spread: spread !== null }))
    tell(
      { type: 'outputs', id: work.id, residentBytes: sessions.residentBytes, runMs, outputs: described, distance },
      outputs.flatMap(({ values, spread }) => (spread ? [values, spread.low, spread.high] : [values]).map(bytesOf)),
    )
  }

  const attempt = async ({ work, tensor }: (typeof waiting)[number]): Promise<void> => {
    await perform(work, tensor)
      .then(() => sessions.trim())
      .catch((error: unknown) => fail(work.id, error))
    await hearMessages()
  }

  /** Between two passes of an explanation: all else that came meanwhile, the runs of a job above all. */
  const letOthersGoFirst = async (): Promise<void> => {
    await hearMessages()
    for (let at = 0; at < waiting.length;) {
      if (waiting[at].work.type === 'explain') at++
      else await attempt(waiting.splice(at, 1)[0])
    }
  }

  const go = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      // What waits can still be taken back.
      await aside.whileReading()
      const next = waiting.shift()
      if (next) await attempt(next)
    }
    busy = false
  }

  channel.onMessage((message, [tensor]) => {
    const parsed = toComputeSchema.safeParse(message)
    if (!parsed.success) {
      // Who asked it waits for an answer.
      const asked = numberedSchema.safeParse(message)
      if (asked.success) fail(asked.data.id, new OverreadError('request.invalid', parsed.error.message))
      return
    }
    if (parsed.data.type === 'stand-aside') return aside.heard()
    if (parsed.data.type === 'cancel') {
      const { id } = parsed.data
      const stopping = underWay.get(id)
      if (stopping) stopping.cancelled = true
      const index = waiting.findIndex(({ work }) => work.id === id)
      if (index < 0) return
      waiting.splice(index, 1)
      fail(id, new OverreadError('compute.cancelled'))
      return
    }
    waiting.push({ work: parsed.data, tensor })
    void go()
  })
}
