/**
 * The heaviest of what tests/fuzz/limits.test.ts refuses, by the command line in a process of its own: there the highest memory
 * is that of one file alone, as what was freed for another cannot hide it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { constants, deflateRawSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { buildObject, encapsulate, join, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'
import { buildZip } from '../../samples/build-zip'
import { repository } from '../../shared-data'

const folder = mkdtempSync(joinPath(tmpdir(), 'overread-limits-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secondsAllowed = 5
const megabytesAllowed = 256

/** Tells the highest memory of the process, in kB, as its last line on standard error. */
const tellMemory = "process.on('exit',()=>process._rawDebug(process.resourceUsage().maxRSS))"

interface Run {
  readonly stderr: string
  readonly stdout: string
  readonly ms: number
  readonly mb: number
}

function run(...args: readonly string[]): Run {
  const start = performance.now()
  const preload = `--import=data:text/javascript,${encodeURIComponent(tellMemory)}`
  const { stdout, stderr } = spawnSync(process.execPath, [preload, joinPath(repository, 'out/node/cli.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const ms = performance.now() - start
  return { stdout, stderr, ms, mb: Number(/(\d+)\s*$/.exec(stderr)?.[1]) / 1024 }
}

let files = 0
function written(bytes: Uint8Array): string {
  const path = joinPath(folder, `${++files}`)
  writeFileSync(path, bytes)
  return path
}

const zeros = deflateRawSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_FULL_FLUSH })
const deflatedZeros = (mebibytes: number) =>
  join([...Array.from({ length: mebibytes }, () => new Uint8Array(zeros)), new Uint8Array(deflateRawSync(new Uint8Array(0)))])
const small = { rows: 2, columns: 2, bitsAllocated: 16 }
const good = () => buildObject(pictureElements(small, [0x7fe00010, 'OW', new Uint8Array(8)]))
const emptyItems = (count: number) => {
  const bytes = new Uint8Array(count * 8)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += 8) view.setUint32(at, 0xe000fffe, true)
  return bytes
}

const objects: readonly { why: string; bytes: () => Uint8Array; code: string }[] = [
  { why: 'a bomb as a deflated data set', bytes: () => join([buildObject([], { transferSyntax: syntaxes.deflated, deflated: false }), deflatedZeros(2048)]), code: 'dicom.limit' },
  { why: 'a bomb as a deflated frame', bytes: () => buildObject(pictureElements(small, [0x7fe00010, 'encapsulated', encapsulate([deflatedZeros(2048)])]), { transferSyntax: syntaxes.deflatedFrame }), code: 'pixels.code-stream' },
  { why: 'as many frames as are taken, enhanced', bytes: () => buildObject(pictureElements({ ...small, frames: 1 << 18 }, [0x7fe00010, 'OW', new Uint8Array(0)], [[0x52009229, 'SQ', [[]]]])), code: 'pixels.size' },
  { why: 'the greatest picture taken, in 8 bytes', bytes: () => buildObject(pictureElements({ rows: 11000, columns: 11000, bitsAllocated: 16 }, [0x7fe00010, 'OW', new Uint8Array(8)])), code: 'pixels.size' },
  { why: 'two million empty items', bytes: () => join([buildObject([...identity, [0x00081140, 'OB', new Uint8Array(0)]]).slice(0, -12), Uint8Array.of(8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255), emptyItems(1 << 21)]), code: 'dicom.limit' },
] // prettier-ignore
const identity: readonly SampleElement[] = [[0x00080018, 'UI', '1.2.3']]

const baseline = (...args: readonly string[]): Run => {
  const result = run(...args)
  expect(result.mb).toBeGreaterThan(10)
  return result
}

test.each(objects)('$why', ({ why, bytes, code }) => {
  const usual = baseline('inspect', written(good()))
  const { stdout, stderr, ms, mb } = run('inspect', written(bytes()))
  console.log(`${why}: ${ms.toFixed(0)} ms (${usual.ms.toFixed(0)} a good file), ${(mb - usual.mb).toFixed(0)} MB more`)
  expect(stdout + stderr).toContain(`(${code})`)
  expect(ms).toBeLessThan(secondsAllowed * 1000)
  expect(mb - usual.mb).toBeLessThan(megabytesAllowed)
})

const containers: readonly { why: string; bytes: () => Uint8Array }[] = [
  { why: 'a ZIP bomb', bytes: () => buildZip([{ name: 'zeros', bytes: new Uint8Array(512 << 20), deflated: true }]) },
  {
    why: 'a ZIP of bombs',
    bytes: () => {
      const bomb = buildZip([{ name: 'zeros', bytes: new Uint8Array(100 << 20), deflated: true }])
      return buildZip(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, bytes: bomb, deflated: true })))
    },
  },
]

test.each(containers)('$why', ({ why, bytes }) => {
  const archive = (name: string) => ['--archive', joinPath(folder, name)] as const
  const usual = baseline('import', written(buildZip([{ name: 'a', bytes: good() }])), ...archive(`${why} good`))
  const { stdout, ms, mb } = run('import', written(bytes()), ...archive(why))
  console.log(`${why}: ${ms.toFixed(0)} ms (${usual.ms.toFixed(0)} a good file), ${(mb - usual.mb).toFixed(0)} MB more`)
  expect(stdout).toContain('(dicom.limit)')
  expect(ms - usual.ms).toBeLessThan(secondsAllowed * 1000)
  expect(mb - usual.mb).toBeLessThan(megabytesAllowed)
})
