/** Packages are added beside each other, proven, put to use on purpose, and removed; results keep the version they came from. */
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnalysisResult } from '../../../contracts/analysis'
import { signPackage } from '../../../main/host/command-line/cli-model-store'
import { handlersOf } from '../../../main/host/handlers'
import { readPublicKey } from '../../../main/networks/signature'
import { writeSlice } from '../inference/dicom-series'
import { filesOf } from './package-files'
import { side, StartedStore, startStore } from './started-store'

const code = (code: string) => expect.objectContaining({ code })

describe('one network, its versions, its results', () => {
  const store = startStore()
  let studyKey = 0
  let seriesInstanceUid = ''

  const analyse = async (): Promise<AnalysisResult> => {
    const { archive, queue } = store.engine
    const series = { seriesInstanceUid, stack: '' }
    const request = { requestId: crypto.randomUUID(), studyKey, series, frames: null, modelId: 'tiny', override: false, provider: null }
    const [{ jobId }] = await queue.add(request)
    for (;;) {
      const job = await archive.readJob(jobId)
      if (job.state === 'done') return archive.readResult(job.resultId!)
      if (!['queued', 'running'].includes(job.state)) throw new Error(`${job.state} ${job.error?.message}`)
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  test('the first version is added from a folder, proven, and in use; what its description does not name stays out', async () => {
    const folder = store.write()
    writeFileSync(join(folder, 'notes.txt'), 'not named')
    const steps: string[] = []
    const adding = await store.add(folder, ({ step }) => void (steps.at(-1) === step || steps.push(step)))
    expect(adding).toMatchObject({
      state: 'added',
      known: false,
      error: null,
      leftOut: ['notes.txt'],
      model: { id: 'tiny', version: '1.0.0' },
    })
    expect(steps).toEqual(['copying', 'checking', 'proving'])
    expect(await store.versions()).toEqual(['tiny 1.0.0 *'])
    const { folder: place, digest, source, signature, added } = await store.entry('1.0.0')
    expect({ source, signature: signature.state, by: added?.by.length }).toMatchObject({ source: 'added', signature: 'unsigned' })
    expect(place).toBe(join(store.archive, 'models', digest!))
    expect(filesOf(place).map(({ name }) => name)).toEqual(
      filesOf(folder)
        .map(({ name }) => name)
        .filter((name) => name !== 'notes.txt'),
    )
    expect(store.leftovers()).toEqual([])
    expect(store.events).toContainEqual({ event: 'models.changed' })
  })

  test('its result says that nobody signed it', async () => {
    const files = store.newPath('files')
    mkdirSync(files)
    const pixels = Int16Array.from({ length: side * side }, (_, at) => (at % 7 === 0 ? 900 : 10))
    writeSlice(files, 0, { rows: side, columns: side, pixels }, 0)
    ;[studyKey] = (await store.engine.importPaths([files])).studyKeys
    ;[{ seriesInstanceUid }] = (await store.engine.archive.studyDetail(studyKey)).series
    expect(await analyse()).toMatchObject({ model: { version: '1.0.0' }, signature: { state: 'unsigned', signer: null } })
  })

  test('a newer version is added from a ZIP beside it, and changes nothing that is in use', async () => {
    const entries = filesOf(store.write({ version: '1.1.0' }, 2)).map((file) => ({
      ...file,
      name: `tiny-1.1/${file.name}`,
      deflated: true,
    }))
    const adding = await store.add(store.zip([...entries, { name: '__MACOSX/._model.json', bytes: new Uint8Array(4) }]))
    expect(adding).toMatchObject({ state: 'added', leftOut: [] })
    expect(await store.versions()).toEqual(['tiny 1.1.0', 'tiny 1.0.0 *'])
    expect((await analyse()).model.version).toBe('1.0.0')
  })

  test('it is put to use on purpose; results that are there keep their version', async () => {
    await store.engine.store.use('tiny', '1.1.0', false)
    expect(await store.versions()).toEqual(['tiny 1.1.0 *', 'tiny 1.0.0'])
    expect((await analyse()).model.version).toBe('1.1.0')
    const { results } = await store.engine.archive.listResults(studyKey)
    expect(results.map(({ model }) => model.version)).toEqual(['1.1.0', '1.0.0', '1.0.0'])
  })

  test('an older one is put to use only where that is said to be meant', async () => {
    await expect(store.engine.store.use('tiny', '1.0.0', false)).rejects.toEqual(code('model.older'))
    expect(await store.versions()).toEqual(['tiny 1.1.0 *', 'tiny 1.0.0'])
    await store.engine.store.use('tiny', '1.0.0', true)
    expect(await store.versions()).toEqual(['tiny 1.1.0', 'tiny 1.0.0 *'])
    await store.engine.store.use('tiny', '1.1.0', false)
  })

  test('an explanation is made by the version that made the result', async () => {
    const { results } = await store.engine.archive.listResults(studyKey)
    const old = results.find(({ model }) => model.version === '1.0.0')!
    const explain = (result: AnalysisResult) =>
      handlersOf(store.engine)['explanation.make']({
        requestId: crypto.randomUUID(),
        studyKey,
        resultId: result.resultId,
        ...result.images[0],
        label: 'spot',
        method: null,
      } as never)
    // A network of outlines has no score of a picture; the version is looked up before that is said.
    await expect(explain(old)).rejects.toEqual(code('explanation.none'))
  })

  test('the same package once more is known; another content of the same version is refused and replaces nothing', async () => {
    const before = filesOf((await store.entry('1.0.0')).folder)
    expect(await store.add(store.write())).toMatchObject({ state: 'added', known: true })
    expect(await store.add(store.write({}, 3))).toMatchObject({ state: 'refused', error: code('model.conflict') })
    expect(await store.add(store.write({ title: 'Tiny too' }))).toMatchObject({ state: 'refused', error: code('model.conflict') })
    expect(filesOf((await store.entry('1.0.0')).folder)).toEqual(before)
    expect(store.leftovers()).toEqual([])
  })

  test('all of it is there after a restart', async () => {
    await store.reopen()
    expect(await store.versions()).toEqual(['tiny 1.1.0 *', 'tiny 1.0.0'])
  })

  test('the one in use is not removed; another one is, and its results stay', async () => {
    await expect(store.engine.store.remove('tiny', '1.1.0')).rejects.toEqual(code('model.in-use'))
    await expect(store.engine.store.remove('tiny', '9.9.9')).rejects.toEqual(code('model.missing'))
    const { folder } = await store.entry('1.0.0')
    await store.engine.store.remove('tiny', '1.0.0')
    expect(await store.versions()).toEqual(['tiny 1.1.0 *'])
    expect(() => readdirSync(folder)).toThrow(/ENOENT/)
    const { results } = await store.engine.archive.listResults(studyKey)
    expect(results.map(({ model }) => model.version)).toEqual(['1.1.0', '1.0.0', '1.0.0'])
    const old = results.at(-1)!
    await expect(
      handlersOf(store.engine)['explanation.make']({
        requestId: 'r',
        studyKey,
        resultId: old.resultId,
        ...old.images[0],
        label: 'spot',
        method: null,
      } as never),
    ).rejects.toEqual(code('explanation.stale'))
  })

  test('a package that was removed can be added again', async () => {
    expect(await store.add(store.write())).toMatchObject({ state: 'added', known: false })
    expect(await store.versions()).toEqual(['tiny 1.1.0 *', 'tiny 1.0.0'])
  })

  test('what a kill left in its place before it was listed is no package, and stands in no way', async () => {
    const folder = store.write({ version: '1.2.0' })
    await store.add(folder)
    const { digest } = await store.entry('1.2.0')
    await store.engine.store.remove('tiny', '1.2.0')
    cpSync(folder, join(store.archive, 'models', digest!), { recursive: true })
    rmSync(join(store.archive, 'models', digest!, 'card.md'))
    await store.reopen()
    expect(await store.versions()).toEqual(['tiny 1.1.0 *', 'tiny 1.0.0'])
    expect(await store.add(folder)).toMatchObject({ state: 'added', known: false })
    expect((await store.entry('1.2.0')).valid).toBe(true)
  })

  test('a file that is changed after it was added makes its version unusable, and no other one takes its place', async () => {
    await store.engine.store.use('tiny', '1.2.0', false)
    const { folder } = await store.entry('1.2.0')
    const description = join(folder, 'model.json')
    writeFileSync(description, readFileSync(description, 'utf8').replace('"threshold":0.5', '"threshold":0.4'))
    await store.reopen()
    const entry = await store.entry('1.2.0')
    expect(entry).toMatchObject({ valid: false, active: true, error: code('model.hash'), id: 'tiny' })
    await expect(analyse()).rejects.toEqual(code('model.hash'))
  })
})

describe('with what came with Overread', () => {
  const store = new StartedStore()
  beforeAll(async () => {
    store.write({}, 1, join(store.bundled, 'tiny'))
    await store.open()
  })
  afterAll(() => store.close())

  test('a version that is added does not take its place, and it cannot be removed', async () => {
    expect(await store.add(store.write({ version: '2.0.0' }, 2))).toMatchObject({ state: 'added' })
    expect(await store.versions()).toEqual(['tiny 2.0.0', 'tiny 1.0.0 *'])
    expect((await store.entry('1.0.0')).signature.state).toBe('bundled')
    await expect(store.engine.store.remove('tiny', '1.0.0')).rejects.toEqual(code('model.bundled'))
  })

  test('the same content is known, another of its version is refused', async () => {
    expect(await store.add(store.write())).toMatchObject({ state: 'added', known: true })
    expect(await store.add(store.write({}, 2))).toMatchObject({ state: 'refused', error: code('model.conflict') })
  })

  test('going back to it holds after a restart', async () => {
    await store.engine.store.use('tiny', '2.0.0', false)
    await store.engine.store.use('tiny', '1.0.0', true)
    await store.reopen()
    expect(await store.versions()).toEqual(['tiny 2.0.0', 'tiny 1.0.0 *'])
  })
})

describe('signatures', () => {
  const store = startStore()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const key = readPublicKey(String(publicKey.export({ format: 'pem', type: 'spki' })))
  let keyFile = ''
  const signed = async (version: string, nodes: number): Promise<string> => {
    const folder = store.write({ version }, nodes)
    await signPackage(folder, keyFile)
    return folder
  }

  test('a key that the site does not know is said; one that it trusts is named; one that it withdraws is not any more', async () => {
    keyFile = store.newPath('key')
    writeFileSync(keyFile, pem)
    expect(await store.add(await signed('1.0.0', 1))).toMatchObject({ state: 'added' })
    expect((await store.entry('1.0.0')).signature).toEqual({ state: 'unknown-key', signer: null, publicKey: key })
    await store.engine.store.trust(key, 'Laboratory', true)
    expect((await store.entry('1.0.0')).signature).toEqual({ state: 'trusted', signer: 'Laboratory', publicKey: key })
    await store.engine.store.trust(key, 'Laboratory', false)
    expect((await store.entry('1.0.0')).signature.state).toBe('unknown-key')
  })

  test.each(['card.md', 'model.onnx', 'golden/picture.npy'])(
    'a package whose %s was changed after it was signed is refused',
    async (name) => {
      const folder = await signed('1.1.0', 2)
      appendFileSync(join(folder, name), '\n')
      const { state, error } = await store.add(folder)
      // The weights have a hash of their own, which is looked at first.
      expect({ state, code: error?.code }).toEqual({ state: 'refused', code: name === 'model.onnx' ? 'model.hash' : 'model.signature' })
    },
  )

  test('a signature of another package, and one that cannot be read, are refused', async () => {
    const folder = store.write({ version: '1.1.0' }, 2)
    cpSync(join(await signed('1.2.0', 3), 'signature.json'), join(folder, 'signature.json'))
    expect(await store.add(folder)).toMatchObject({ state: 'refused', error: code('model.signature') })
    writeFileSync(join(folder, 'signature.json'), '{"algorithm":"none"}')
    expect(await store.add(folder)).toMatchObject({ state: 'refused', error: code('model.signature') })
    expect(await store.versions()).toEqual(['tiny 1.0.0 *'])
  })
})

describe('from an address', () => {
  const store = startStore()
  const serve = async <T>(listener: RequestListener, action: (address: string) => Promise<T>): Promise<T> => {
    const server = createServer(listener)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    try {
      return await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.zip`)
    } finally {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }
  const bytes = () => readFileSync(store.zip(filesOf(store.write())))

  test('it is fetched with its progress, and nothing but the request goes out', async () => {
    const content = bytes()
    const seen: string[] = []
    const steps = new Set<string>()
    const adding = await serve(
      (request, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`)
        response.setHeader('content-length', content.length)
        response.end(content)
      },
      (address) => store.add({ address }, ({ step }) => steps.add(step)),
    )
    expect(adding).toMatchObject({ state: 'added', model: { id: 'tiny' } })
    expect(seen).toEqual(['GET /tiny.zip '])
    expect([...steps]).toEqual(['fetching', 'copying', 'checking', 'proving'])
    expect(store.leftovers()).toEqual([])
  })

  test.each([
    {
      what: 'a page that is not there',
      listener: ((_, response) => response.writeHead(404).end('no')) as RequestListener,
      expected: 'model.fetch',
    },
    { what: 'a page instead of a ZIP', listener: ((_, response) => response.end('<html>')) as RequestListener, expected: 'model.file' },
    {
      what: 'a length beyond what is taken',
      listener: ((_, response) => response.writeHead(200, { 'content-length': String(2 ** 33) }).write('PK')) as RequestListener,
      expected: 'model.too-large',
    },
    {
      what: 'a way to an address without https',
      listener: ((_, response) => response.writeHead(302, { location: 'http://192.0.2.1/tiny.zip' }).end()) as RequestListener,
      expected: 'model.address',
    },
    {
      what: 'a way to a file of this computer',
      listener: ((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()) as RequestListener,
      expected: 'model.address',
    },
    {
      what: 'a way that leads round',
      listener: ((_, response) => response.writeHead(302, { location: '/tiny.zip' }).end()) as RequestListener,
      expected: 'model.fetch',
    },
  ])('$what is refused', async ({ listener, expected }) => {
    const adding = await serve(listener, (address) => store.add({ address }))
    expect(adding).toMatchObject({ state: 'refused', error: code(expected) })
    expect(store.leftovers()).toEqual([])
  })

  test.each(['http://192.0.2.1/tiny.zip', 'ftp://192.0.2.1/tiny.zip', 'file:///etc/passwd', 'https://name:secret@192.0.2.1/', 'tiny'])(
    '%s is not asked',
    async (address) => {
      expect(await store.add({ address })).toMatchObject({ state: 'refused', error: code('model.address') })
    },
  )

  test('it is cancelled while it is fetched, and leaves nothing', async () => {
    let asked = () => {}
    const began = new Promise<void>((done) => (asked = done))
    const adding = await serve(
      (_, response) => {
        response.writeHead(200)
        response.write('PK')
        asked()
      },
      async (address) => {
        let id = ''
        const ended = store.add({ address }, ({ addingId }) => (id = addingId))
        await began
        store.engine.store.cancel(id)
        return ended
      },
    )
    expect(adding).toMatchObject({ state: 'cancelled' })
    expect(store.leftovers()).toEqual([])
  })
})
