/** Packages that lie, lead out, burst or cannot be run: each refused with its code, and nothing of it stays. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sha256 } from '../../../main/base/hashing'
import { npy } from '../inference/tiny-packages'
import { graph, integer, model, modelOf, node, tensor, type Graph } from '../inference/onnx-writer'
import { bytes, message, number, text, type Bytes } from '../inference/protobuf'
import type { ZipSample } from '../../samples/build-zip'
import { filesOf } from './package-files'
import { describedIn, side, startStore } from './started-store'

const store = startStore()
const shape = [1, 1, side, side]
const ends: Pick<Graph, 'inputs' | 'outputs'> = { inputs: { image: shape }, outputs: { map: shape } }

/** A package like the good one, with another description. */
const described = (changes: object): string => {
  const folder = store.write()
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...describedIn(folder), ...changes }))
  return folder
}
/** With other weights, whose hash is right. */
const weights = (content: Uint8Array): string => {
  const folder = store.write()
  writeFileSync(join(folder, 'model.onnx'), content)
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...describedIn(folder), sha256: sha256(content) }))
  return folder
}
const withFile = (change: (folder: string) => void): string => {
  const folder = store.write()
  change(folder)
  return folder
}
const zipped = (change: (files: ZipSample[]) => ZipSample[]): string => store.zip(change(filesOf(store.write())))
const more = (entry: ZipSample) => zipped((files) => [...files, entry])
const changed = (name: string, change: Partial<ZipSample>) =>
  zipped((files) => files.map((file) => (file.name === name ? { ...file, ...change } : file)))
const empty = new Uint8Array(1)

const outside: Bytes = [
  ...number(1, 1),
  ...number(2, 1),
  ...text(8, 'w'),
  ...message(13, text(1, 'location'), text(2, '../../secret')),
  ...number(14, 1),
]
const plain = node({ op: 'Identity', inputs: ['image'], outputs: ['map'] })
const odd = (op: string, domain: string | null) =>
  model(
    ...(domain === null ? [] : [message(8, text(1, domain), number(2, 1))]),
    message(
      7,
      message(1, node({ op, inputs: ['image'], outputs: ['map'] }), domain === null ? [] : text(7, domain)),
      graph({ ...ends, nodes: [] }),
    ),
  )
/** Where it reads is known only once there is a picture. */
const readingBeyondItsEnd: Pick<Graph, 'nodes' | 'shapes'> = {
  nodes: [
    { op: 'Cast', inputs: ['image'], outputs: ['places'], attributes: [integer('to', 7)] },
    { op: 'Add', inputs: ['places', 'far'], outputs: ['beyond'] },
    { op: 'GatherElements', inputs: ['image', 'beyond'], outputs: ['map'] },
  ],
  shapes: [{ name: 'far', shape: [1], values: [1000] }],
}
const nested = (depth: number): Bytes =>
  depth === 0 ? graph({ nodes: [], inputs: {}, outputs: {} }) : message(1, ...[message(5, text(1, 'body'), message(6, nested(depth - 1)))])

interface Hostile {
  readonly what: string
  readonly make: () => string
  readonly code: string
  /** What the sentence must name. */
  readonly names?: RegExp
}

const packages: readonly Hostile[] = [
  {
    what: 'weights of another hash',
    make: () => withFile((folder) => appendFileSync(join(folder, 'model.onnx'), 'x')),
    code: 'model.hash',
  },
  {
    what: 'weights that are not there',
    make: () => withFile((folder) => rmSync(join(folder, 'model.onnx'))),
    code: 'model.missing',
    names: /model\.onnx/,
  },
  {
    what: 'a golden case that is not there',
    make: () => withFile((folder) => rmSync(join(folder, 'golden/map.npy'))),
    code: 'model.missing',
  },
  {
    what: 'a golden case that the network does not give',
    make: () => withFile((folder) => writeFileSync(join(folder, 'golden/map.npy'), npy(shape, new Float32Array(side * side).fill(0.5)))),
    code: 'model.golden',
  },
  {
    what: 'a golden case that states 10 thousand million values',
    make: () => withFile((folder) => writeFileSync(join(folder, 'golden/map.npy'), npy([100000, 100000], [1]))),
    code: 'model.weights',
  },
  {
    what: 'no description',
    make: () => withFile((folder) => rmSync(join(folder, 'model.json'))),
    code: 'model.file',
    names: /model\.json/,
  },
  {
    what: 'a description that is no JSON',
    make: () => withFile((folder) => writeFileSync(join(folder, 'model.json'), '{')),
    code: 'model.schema',
  },
  {
    what: 'a description that nests 200,000 deep',
    make: () => withFile((folder) => writeFileSync(join(folder, 'model.json'), '['.repeat(200_000))),
    code: 'model.schema',
  },
  {
    what: 'a description of 2 MiB',
    make: () => withFile((folder) => writeFileSync(join(folder, 'model.json'), ' '.repeat(2 << 20))),
    code: 'model.too-large',
  },
  {
    what: 'a description that is not UTF-8',
    make: () =>
      withFile((folder) =>
        writeFileSync(
          join(folder, 'model.json'),
          readFileSync(join(folder, 'model.json'), 'latin1').replace('"Tiny"', '"T\xefny"'),
          'latin1',
        ),
      ),
    code: 'model.schema',
  },
  { what: 'a field that no schema knows', make: () => described({ script: 'run.js' }), code: 'model.schema' },
  {
    what: 'a prototype in its description',
    make: () =>
      withFile((folder) =>
        writeFileSync(
          join(folder, 'model.json'),
          readFileSync(join(folder, 'model.json'), 'utf8').replace('{', '{"__proto__":{"valid":true},'),
        ),
      ),
    code: 'model.schema',
  },
  { what: 'an id that leads out', make: () => described({ id: '../../escape' }), code: 'model.schema', names: /id/ },
  { what: 'a version that is a path', make: () => described({ version: '1.0.0/..' }), code: 'model.schema', names: /version/ },
  { what: 'weights above the folder', make: () => described({ file: '../model.onnx' }), code: 'model.schema' },
  { what: 'weights by their whole path', make: () => described({ file: '/etc/passwd' }), code: 'model.schema' },
  {
    what: 'a golden case above the folder',
    make: () =>
      described({ golden: { picture: '../model.json', slice: 0, input: 'input.npy', outputs: { map: 'map.npy' }, tolerance: 1 } }),
    code: 'model.schema',
  },
  {
    what: 'a threshold of 2',
    make: () =>
      described({
        operatingPoints: [{ label: 'spot', name: 'outline', threshold: 2, sensitivity: null, specificity: null, measuredOn: 'nothing' }],
      }),
    code: 'model.schema',
  },
  {
    what: 'steps that end at another size',
    make: () => described({ input: { name: 'image', kind: 'image', shape: [1, 1, 64, 64], layout: 'NCHW', type: 'float32' } }),
    code: 'model.schema',
  },
  { what: 'weights that are no ONNX', make: () => weights(new TextEncoder().encode('MZ and something to run')), code: 'model.weights' },
  {
    what: 'weights in the runtime’s own format',
    make: () => weights(Uint8Array.from([0, 0, 0, 0, ...new TextEncoder().encode('ORTM'), ...new Uint8Array(64)])),
    code: 'model.weights',
  },
  {
    what: 'weights cut short',
    make: () => weights(modelOf({ ...ends, nodes: [{ op: 'Identity', inputs: ['image'], outputs: ['map'] }] }).subarray(0, 40)),
    code: 'model.weights',
  },
  {
    what: 'a graph of other inputs',
    make: () =>
      weights(
        modelOf({ nodes: [{ op: 'Identity', inputs: ['other'], outputs: ['map'] }], inputs: { other: shape }, outputs: { map: shape } }),
      ),
    code: 'model.weights',
  },
  { what: 'an operator that is not there', make: () => weights(odd('Spin', null)), code: 'model.operators', names: /Spin/ },
  {
    what: 'an operator of a maker',
    make: () => weights(odd('Spin', 'com.example')),
    code: 'model.operators',
    names: /com\.example[:.]Spin/,
  },
  {
    what: 'a network that breaks off as it runs',
    make: () => weights(modelOf({ ...ends, ...readingBeyondItsEnd })),
    code: 'model.golden',
    names: /GatherElements/,
  },
  {
    what: 'weights in another file',
    make: () => weights(model(message(7, graph({ ...ends, nodes: [], more: [message(5, outside)] }), message(1, plain)))),
    code: 'model.path',
  },
  {
    what: 'sparse weights in another file',
    make: () => weights(model(message(7, graph({ ...ends, nodes: [], more: [message(15, message(1, outside))] }), message(1, plain)))),
    code: 'model.path',
  },
  {
    what: 'an attribute in another file',
    make: () =>
      weights(model(message(7, graph({ ...ends, nodes: [] }), message(1, plain, message(5, text(1, 'value'), message(5, outside)))))),
    code: 'model.path',
  },
  {
    what: 'a compiled context',
    make: () => weights(model(message(7, graph({ ...ends, nodes: [{ op: 'EPContext', inputs: ['image'], outputs: ['map'] }] })))),
    code: 'model.path',
  },
  { what: 'graphs within graphs', make: () => weights(model(message(7, nested(40)))), code: 'model.weights' },
  {
    what: 'a tensor whose length is a lie',
    make: () =>
      weights(
        model(
          message(
            7,
            graph({
              ...ends,
              nodes: [{ op: 'Add', inputs: ['image', 'w'], outputs: ['map'] }],
              more: [message(5, [...tensor({ name: 'w', shape: [2 ** 30], values: [1] }), ...bytes(9, empty)])],
            }),
          ),
        ),
      ),
    code: 'model.weights',
  },
  {
    what: 'a link to weights elsewhere',
    make: () =>
      withFile((folder) => {
        renameSync(join(folder, 'model.onnx'), join(store.root, 'elsewhere.onnx'))
        symlinkSync(join(store.root, 'elsewhere.onnx'), join(folder, 'model.onnx'))
      }),
    code: 'model.path',
    names: /link/,
  },
  {
    what: 'a link in the place of its golden folder',
    make: () =>
      withFile((folder) => {
        renameSync(join(folder, 'golden'), store.newPath('golden'))
        symlinkSync(join(store.root), join(folder, 'golden'))
      }),
    code: 'model.path',
  },
  {
    what: 'a pipe in the place of its weights',
    make: () =>
      withFile((folder) => {
        rmSync(join(folder, 'model.onnx'))
        execFileSync('mkfifo', [join(folder, 'model.onnx')])
      }),
    code: 'model.file',
  },
  {
    what: 'a folder in the place of its weights',
    make: () =>
      withFile((folder) => {
        rmSync(join(folder, 'model.onnx'))
        mkdirSync(join(folder, 'model.onnx'))
      }),
    code: 'model.missing',
  },
  {
    what: 'a folder of 1,100 files',
    make: () =>
      withFile((folder) => {
        for (let index = 0; index < 1100; index++) writeFileSync(join(folder, `file${index}`), '')
      }),
    code: 'model.too-large',
  },
  {
    what: 'a golden case of 300 MiB',
    make: () => withFile((folder) => truncateSync(join(folder, 'golden/picture.npy'), 300 << 20)),
    code: 'model.too-large',
    names: /picture\.npy/,
  },
  { what: 'a ZIP whose entry leads out', make: () => more({ name: '../../escape', bytes: empty }), code: 'model.path' },
  { what: 'a ZIP with a whole path', make: () => more({ name: '/tmp/escape', bytes: empty }), code: 'model.path' },
  { what: 'a ZIP with a path of Windows', make: () => more({ name: '..\\escape', bytes: empty }), code: 'model.path' },
  { what: 'a ZIP with a drive', make: () => more({ name: 'C:escape', bytes: empty }), code: 'model.path' },
  { what: 'a ZIP with a control character in a name', make: () => more({ name: 'card\u001b[2J.md', bytes: empty }), code: 'model.path' },
  {
    what: 'a ZIP with a link',
    make: () => more({ name: 'card2.md', bytes: new TextEncoder().encode('/etc/passwd'), link: true }),
    code: 'model.path',
    names: /link/,
  },
  { what: 'a ZIP with two files of one name', make: () => more({ name: 'model.json', bytes: empty }), code: 'model.file' },
  { what: 'a ZIP with names that differ in case alone', make: () => more({ name: 'MODEL.JSON', bytes: empty }), code: 'model.file' },
  { what: 'a ZIP with an encrypted file', make: () => changed('model.onnx', { encrypted: true }), code: 'model.file' },
  { what: 'a ZIP with a wrong checksum', make: () => changed('model.onnx', { statedCrc: 1 }), code: 'model.file' },
  {
    what: 'a ZIP whose file is longer than it states',
    make: () => changed('model.onnx', { statedSize: 8, deflated: true }),
    code: 'model.file',
  },
  {
    what: 'a ZIP whose file states 4 GB',
    make: () => changed('golden/input.npy', { statedSize: 0xfffffff0, deflated: true }),
    code: 'model.too-large',
  },
  {
    what: 'a ZIP whose description inflates to 64 MiB',
    make: () => changed('model.json', { bytes: new Uint8Array(64 << 20), deflated: true }),
    code: 'model.too-large',
  },
  {
    what: 'a ZIP of 1,100 files',
    make: () => store.zip(Array.from({ length: 1100 }, (_, index) => ({ name: `file${index}`, bytes: empty }))),
    code: 'model.too-large',
  },
  {
    what: 'a ZIP cut short',
    make: () => {
      const path = zipped((files) => files)
      truncateSync(path, readFileSync(path).length - 30)
      return path
    },
    code: 'model.file',
  },
  { what: 'a ZIP without a package', make: () => store.zip([{ name: 'picture.dcm', bytes: empty }]), code: 'model.file' },
  {
    what: 'an empty file',
    make: () => {
      const path = store.newPath('empty')
      writeFileSync(path, '')
      return path
    },
    code: 'model.file',
  },
  { what: 'nothing at all', make: () => store.newPath('absent'), code: 'file.unreadable' },
]

afterEach(async () => {
  expect(await store.versions()).toEqual([])
  expect(readdirSync(join(store.archive, 'models'))).toEqual([])
  expect(store.leftovers()).toEqual([])
})

test.each(packages)('$what', async ({ make, code, names = /./ }) => {
  const { state, error } = await store.add(make())
  expect({ state, code: error?.code }).toEqual({ state: 'refused', code })
  expect(error?.message).toMatch(names)
  // The reader is told of the package, never of where it lay on this computer.
  expect(error?.message).not.toContain(store.root)
})
