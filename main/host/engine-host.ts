/**
 * Entry of the engine host: in the app a utility process that Electron main starts, elsewhere a
 * forked child whose one channel is its one window's.
 */
import { parseArgs } from 'node:util'
import { reportOf } from '../../contracts/errors'
import { forkChannel, utilityChannel, type Channel } from './channel'
import { ComputeByMain } from './compute/compute-by-main'
import { toHostSchema, type FromHost, type ToHost } from './control'
import { defaultArchiveFolder } from './default-archive'
import { Engine } from './engine'
import { handlersOf } from './handlers'
import { hostPaths } from './paths'
import { serveSession } from './session'
import { computeStarter } from './compute/start-compute'

type UtilityPort = Parameters<typeof utilityChannel>[0]
/** `process.parentPort` of a utility process, which Node's types do not know. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: UtilityPort[] }) => void): void
  postMessage(message: FromHost): void
}

const { values } = parseArgs({ options: { archive: { type: 'string' } }, strict: false })
const archiveFolder = typeof values.archive === 'string' ? values.archive : defaultArchiveFolder()
const paths = hostPaths(import.meta.url)
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort

function serve(engine: Engine, channel: Channel): void {
  const send = serveSession(channel, handlersOf(engine), (kind, error) => engine.logFault(kind, error))
  const unsubscribe = engine.subscribe(send)
  channel.onClose(unsubscribe)
}

/** `open`: shows the study when everything belongs to one. */
async function importPaths(engine: Engine, wanted: readonly string[], open: boolean): Promise<void> {
  const { studyKeys } = await engine.importPaths(wanted)
  if (open && studyKeys.length === 1) engine.emit({ event: 'study.wanted', studyKey: studyKeys[0] })
}

async function serveApp(port: ParentPort): Promise<void> {
  const compute = new ComputeByMain((message) => port.postMessage(message))
  const early: { message: ToHost; ports: UtilityPort[] }[] = []
  let engine: Engine | null = null

  const obey = (message: ToHost, ports: UtilityPort[]) => {
    if (message.control === 'compute.port') return compute.arrived(message.number, ports[0])
    if (message.control === 'compute.ended') return compute.ended(message.number, message.how)
    if (!engine) return void early.push({ message, ports })
    if (message.control === 'session') serve(engine, utilityChannel(ports[0]))
    else if (message.control === 'import') void importPaths(engine, message.paths, message.open)
    else if (message.control === 'add-model') engine.store.begin({ path: message.path })
    else void engine.close().then(() => port.postMessage({ control: 'stopped' }))
  }
  port.on('message', ({ data, ports }) => {
    const parsed = toHostSchema.safeParse(data)
    if (parsed.success) obey(parsed.data, ports)
  })

  try {
    engine = await Engine.open({ archiveFolder, paths, startCompute: compute.start })
  } catch (error) {
    port.postMessage({ control: 'refused', error: reportOf(error) })
    return
  }
  engine.queue.resume()
  engine.pool.warm()
  for (const { message, ports } of early) obey(message, ports)
  port.postMessage({ control: 'ready' })
}

async function serveParent(): Promise<void> {
  const channel = forkChannel(process)
  const engine = await Engine.open({ archiveFolder, paths, startCompute: computeStarter(paths.compute) })
  serve(engine, channel)
  channel.onClose(() => void engine.close().then(() => process.exit(0)))
  engine.queue.resume()
  engine.pool.warm()
}

await (parentPort ? serveApp(parentPort) : serveParent())
