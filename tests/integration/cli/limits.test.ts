/**
 * What the field warns of, by the command line in a process of its own: each is refused with its code, or taken as what it is,
 * and the highest memory is that of one file alone. Time is that of the processor and its bound wide, so that a busy machine
 * passes; what was measured is printed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildObject, join, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'
import { buildZip } from '../../samples/build-zip'
import { compressed, deepSequences, deflatedBomb, deflatedZeros, emptyItems, item, lying, openSequences, paletteBomb, palettePicture, picture, smallPicture } from '../../samples/lying-objects' // prettier-ignore
import { graph, model, modelOf, tensor } from '../inference/onnx-writer'
import { message, number, text } from '../inference/protobuf'
import { identityGraph } from '../inference/tiny-packages'
import { repository } from '../../shared-data'

const folder = mkdtempSync(joinPath(tmpdir(), 'overread-limits-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secondsAllowed = 10
const megabytesAllowed = 256

/**
 * Tells what the process took of the processor, in ms, and the highest of its memory, in kB, as its last line on standard error. On Linux the figure of `getrusage` begins
 * with that of the process that started it, which holds the files of this test.
 */
const tellMemory = `import { readFileSync } from 'node:fs'
const highest = () => process.platform === 'linux' ? /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS
const cpuMs = () => Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000)
process.on('exit', () => process._rawDebug(cpuMs(), highest()))`

interface Run {
  readonly status: number | null
  readonly stderr: string
  readonly stdout: string
  readonly ms: number
  readonly mb: number
}

function run(...args: readonly string[]): Run {
  const preload = `--import=data:text/javascript,${encodeURIComponent(tellMemory)}`
  const { status, stdout, stderr } = spawnSync(process.execPath, [preload, joinPath(repository, 'out/node/cli.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const [, ms, kb] = /(\d+) (\d+)\s*$/.exec(stderr) ?? []
  return { status, stdout, stderr, ms: Number(ms), mb: Number(kb) / 1024 }
}

let files = 0
function written(bytes: Uint8Array, name = `${++files}`): string {
  const path = joinPath(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

const identity = (uid: string): readonly SampleElement[] => [
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
  [0x00080018, 'UI', uid],
  [0x0020000d, 'UI', '1.2.4'],
  [0x0020000e, 'UI', '1.2.5'],
]
const good = () => picture({}, new Uint8Array(8))
const longest = 0xfffffffe
const withLength = (bytes: Uint8Array, at: number, length: number) => {
  new DataView(bytes.buffer).setUint32(at, length, true)
  return bytes
}
const table = (descriptor: readonly number[], bytes: number): SampleElement[] => [
  [0x00283002, 'US', descriptor],
  [0x00283006, 'OW', new Uint8Array(bytes)],
]
const ramp: SampleElement = [0x00281201, 'OW', new Uint8Array(512)]

/** Judged by `inspect`; the code of the refusal, or what is said of a picture that is shown. */
const objects: readonly { why: string; bytes: () => Uint8Array; says: string }[] = [
  { why: 'rows × columns beyond what a picture may have', bytes: () => picture({ rows: 65535, columns: 65535 }, new Uint8Array(8)), says: '(dicom.limit)' },
  { why: 'rows × columns × frames beyond 2^53', bytes: () => picture({ rows: 65535, columns: 65535, bitsAllocated: 32, frames: 2_147_483_647 }, new Uint8Array(8)), says: '(dicom.limit)' },
  { why: 'more frames than are taken', bytes: () => picture({ frames: 2_147_483_647 }, new Uint8Array(8)), says: '(dicom.limit)' },
  { why: 'a number of frames below 0', bytes: () => picture({ frames: -1 }, new Uint8Array(8)), says: ' 1 frame.' },
  { why: 'as many frames as are taken, enhanced', bytes: () => picture({ frames: 1 << 18 }, new Uint8Array(0), [[0x52009229, 'SQ', [[]]]]), says: '(pixels.size)' },
  { why: 'the greatest picture taken, in 8 bytes', bytes: () => picture({ rows: 11000, columns: 11000 }, new Uint8Array(8)), says: '(pixels.size)' },
  { why: 'a palette of fewer entries than it states', bytes: () => palettePicture([0, 0, 16], [0x00281201, 'OW', new Uint8Array(8)], [0, 1, 2, 3]), says: '(dicom.attribute)' },
  { why: 'a palette of entries of 255 bits', bytes: () => palettePicture([256, 0, 255], ramp, [0, 1, 2, 3]), says: '(dicom.attribute)' },
  { why: 'a palette of segments that run over its end', bytes: () => palettePicture([256, 0, 16], [0x00281221, 'OW', new Uint8Array(Uint16Array.of(0, 65535, 1).buffer)], [0, 1, 2, 3]), says: '(dicom.attribute)' },
  { why: 'a palette of segments that copy themselves', bytes: () => palettePicture([256, 0, 16], [0x00281221, 'OW', new Uint8Array(Uint16Array.of(2, 65535, 0, 0).buffer)], [0, 1, 2, 3]), says: '(dicom.attribute)' },
  { why: 'a bomb as a palette', bytes: paletteBomb, says: '(dicom.limit)' },
  { why: 'a modality LUT of fewer entries than it states', bytes: () => picture({}, new Uint8Array(8), [[0x00283000, 'SQ', [table([0, 0, 16], 8)]]]), says: '(dicom.attribute)' },
  { why: 'a VOI LUT of fewer entries than it states', bytes: () => picture({}, new Uint8Array(8), [[0x00283010, 'SQ', [table([0, 0, 16], 8)]]]), says: '(dicom.attribute)' },
  { why: 'a bomb as a deflated data set', bytes: deflatedBomb, says: '(dicom.limit)' },
  { why: 'a bomb as a deflated frame', bytes: () => compressed({}, syntaxes.deflatedFrame, deflatedZeros(2048)), says: '(pixels.code-stream)' },
  { why: 'sequences 10,000 deep, without lengths', bytes: () => openSequences(10_000), says: '(dicom.limit)' },
  { why: 'sequences 10,000 deep, with lengths', bytes: () => deepSequences(10_000), says: '(dicom.limit)' },
  { why: 'two million empty items', bytes: emptyItems, says: '(dicom.limit)' },
  { why: 'an element of 4 GB', bytes: () => lying(0x00420011, 'OB', longest), says: '(file.damaged)' },
  { why: 'a sequence of 4 GB', bytes: () => lying(0x00081140, 'SQ', longest), says: '(file.damaged)' },
  { why: 'an item of 4 GB', bytes: () => lying(0x00081140, 'SQ', 0xffffffff, item(longest)), says: '(file.damaged)' },
  { why: 'a fragment of 4 GB', bytes: () => buildObject(pictureElements(smallPicture, [0x7fe00010, 'encapsulated', join([item(0), item(longest, new Uint8Array(70))])]), { transferSyntax: syntaxes.rle }), says: '(pixels.code-stream)' },
  { why: 'pixel data shorter than their picture', bytes: () => picture({ rows: 64, columns: 64 }, new Uint8Array(8)), says: '(pixels.size)' },
  { why: 'pixel data that state 4 GB', bytes: () => { const bytes = good(); return withLength(bytes, bytes.length - 12, longest) }, says: 'What is shown' },
  { why: 'a file cut off within its header', bytes: () => good().slice(0, 200), says: '(file.damaged)' },
  { why: 'a preamble that is a program for Windows', bytes: () => { const bytes = good(); bytes.set([0x4d, 0x5a, 0x90, 0]); return bytes }, says: 'the preamble begins like a program (Windows)' },
  { why: 'a preamble that is a program for Linux', bytes: () => { const bytes = good(); bytes.set([0x7f, 0x45, 0x4c, 0x46]); return bytes }, says: 'the preamble begins like a program (Linux)' },
  { why: 'a preamble that is a script', bytes: () => { const bytes = good(); bytes.set(Buffer.from('#!/bin/sh\n')); return bytes }, says: 'the preamble begins like a program (a script)' },
] // prettier-ignore

const secret = () => buildObject(pictureElements(smallPicture, [0x7fe00010, 'OW', new Uint8Array(8)], identity('1.2.3.999')))
const directory = (...fileIds: string[]) =>
  buildObject([[0x00041220, 'SQ', fileIds.map((fileId): SampleElement[] => [[0x00041410, 'US', [0xffff]], [0x00041430, 'CS', 'IMAGE'], [0x00041500, 'CS', fileId]])]]) // prettier-ignore
const bomb = () => buildZip([{ name: 'zeros', bytes: new Uint8Array(100 << 20), deflated: true }])

/** Judged by `import`. A `name` is a place within a folder of the case. */
const imports: readonly { why: string; bytes: () => Uint8Array; name?: string; says: string }[] = [
  { why: 'a ZIP bomb', bytes: () => buildZip([{ name: 'zeros', bytes: new Uint8Array(512 << 20), deflated: true }]), says: '(dicom.limit)' },
  { why: 'a ZIP of bombs', bytes: () => { const one = bomb(); return buildZip(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, bytes: one, deflated: true }))) }, says: '(dicom.limit)' },
  { why: 'a DICOMDIR that leads upwards', name: 'DICOMDIR', bytes: () => directory('..\\SECRET'), says: '(dicomdir.missing)' },
  { why: 'a DICOMDIR that leads upwards in one component', name: 'DICOMDIR', bytes: () => directory('A/../../SECRET'), says: '(dicomdir.missing)' },
  { why: 'a DICOMDIR that leads to the root', name: 'DICOMDIR', bytes: () => directory(joinPath(folder, 'SECRET').replaceAll('/', '\\')), says: '(dicomdir.missing)' },
] // prettier-ignore

const external = [...tensor({ name: 'w', shape: [1], values: [] }), ...message(13, text(1, 'location'), text(2, '../../etc/passwd')), ...number(14, 1)] // prettier-ignore
const plain = identityGraph(4)
const networks: readonly { why: string; bytes: () => Uint8Array; says: string }[] = [
  { why: 'a tensor outside its file', bytes: () => model(message(7, graph(plain), message(5, external))), says: '(model.path)' },
  { why: 'values of a sparse tensor outside its file', bytes: () => model(message(7, graph(plain), message(15, message(1, external)))), says: '(model.path)' },
  { why: 'indices of a sparse tensor outside its file', bytes: () => model(message(7, graph(plain), message(15, message(2, external)))), says: '(model.path)' },
] // prettier-ignore

function judge(why: string, { stdout, stderr, ms, mb }: Run, usual: Run, says: string): void {
  console.log(`${why}: ${(ms - usual.ms).toFixed(0)} ms and ${(mb - usual.mb).toFixed(0)} MB more than a good file`)
  expect(stdout + stderr).toContain(says)
  expect(ms - usual.ms).toBeLessThan(secondsAllowed * 1000)
  expect(mb - usual.mb).toBeLessThan(megabytesAllowed)
}

const archiveOf = (why: string) => ['--archive', joinPath(folder, 'archives', why)] as const

describe('objects', () => {
  let usual: Run
  beforeAll(() => {
    usual = run('inspect', written(good()))
    expect(usual.stdout).toContain('What is shown')
    expect(usual.stdout + usual.stderr).not.toMatch(/\(\w+\.[a-z-]+\)|like a program/)
    expect(usual.mb).toBeGreaterThan(10)
  })
  test.each(objects)('$why', ({ why, bytes, says }) => judge(why, run('inspect', written(bytes())), usual, says))
})

describe('what is imported', () => {
  let usual: Run
  beforeAll(() => {
    usual = run('import', written(buildZip([{ name: 'a', bytes: good() }])), ...archiveOf('good'))
    expect(usual.stdout).toContain('1 stored')
    written(secret(), 'SECRET')
  })
  test.each(imports)('$why', ({ why, bytes, name, says }) => {
    const path = written(bytes(), name === undefined ? undefined : joinPath(why, name))
    const result = run('import', path, ...archiveOf(why))
    judge(why, result, usual, says)
    expect(result.stdout).toContain('0 stored')
  })

  const places = [
    '../../../escaped',
    '/escaped',
    '..\\..\\escaped',
    'C:\\escaped',
    'a/../../../../escaped',
    `${'../'.repeat(40)}tmp/escaped`,
  ]
  test.each(places)('a ZIP that names a file %s: it is read, and written nowhere but into the archive', (name) => {
    const [, archive] = archiveOf(`traversal ${places.indexOf(name)}`)
    const before = readdirSync(folder).sort()
    const { stdout } = run('import', written(buildZip([{ name, bytes: secret() }])), '--archive', archive)
    expect(stdout).toMatch(/^(1 stored|.*\(file\.\w+\)\n0 stored)/)
    const everywhere = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(everywhere.filter((path) => basename(path).includes('escaped'))).toEqual([])
    expect(readdirSync(folder).filter((path) => !before.includes(path))).toEqual([String(files)])
    for (const outside of ['/escaped', '/tmp/escaped', joinPath(tmpdir(), 'escaped')]) expect(existsSync(outside)).toBe(false)
  })
})

describe('networks', () => {
  const wrap = (file: string) => run('models', 'wrap', file, '--out', joinPath(folder, `package-${basename(file)}`))
  let usual: Run
  beforeAll(() => {
    usual = wrap(written(modelOf(plain), 'plain.onnx'))
    expect(usual.stderr).toContain('answers are missing')
  })
  test.each(networks)('$why', ({ why, bytes, says }) => judge(why, wrap(written(bytes(), `${++files}.onnx`)), usual, says))
})

/** An index beyond a table is no fault: the standard has it stand for the outermost entry. PS3.3 C.7.6.3.1.5, C.11.1.1. */
describe('an index beyond its table is its outermost entry', () => {
  const display = (bytes: Uint8Array) => {
    const out = joinPath(folder, `${++files}.raw`)
    expect(run('frame', written(bytes), '--stage', 'display', '--out', out).status).toBe(0)
    return [...readFileSync(out)]
  }
  const values = (...pixels: number[]) => new Uint8Array(Uint16Array.from(pixels).buffer)
  const ramp256 = new Uint8Array(Uint16Array.from({ length: 256 }, (_, index) => index << 8).buffer)
  const lut = (tag: number): SampleElement[] => [
    [
      tag,
      'SQ',
      [
        [
          [0x00283002, 'US', [256, 0, 16]],
          [0x00283006, 'OW', ramp256],
        ],
      ],
    ],
  ]
  const pixels = [0, 255, 256, 65535] as const
  const within = [0, 255, 255, 255] as const

  test('of a palette', () => {
    const red: SampleElement = [0x00281201, 'OW', ramp256]
    expect(display(palettePicture([256, 0, 16], red, pixels))).toEqual(display(palettePicture([256, 0, 16], red, within)))
  })
  test.each([
    { kind: 'modality', tag: 0x00283000 },
    { kind: 'VOI', tag: 0x00283010 },
  ])('of a $kind LUT', ({ tag }) =>
    expect(display(picture({}, values(...pixels), lut(tag)))).toEqual(display(picture({}, values(...within), lut(tag)))),
  )
})
