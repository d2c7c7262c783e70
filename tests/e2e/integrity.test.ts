/** No picture of doubtful integrity is shown, and none is shown unmarked: the block at the corner, and what to do. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adviceFor, errorCatalogue, type ErrorCode } from '../../contracts/errors'
import { testIds } from '../../contracts/test-ids'
import { buildObject, encapsulate, pictureElements, syntaxes, type SampleElement } from '../samples/build-object'
import { encode, samplePicture } from '../samples/encode-picture'
import { startApp, temporaryArchive, type RunningApp } from './app'
import { eventually, Reader } from './reader'

const form = { rows: 48, columns: 64, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false } as const
const archive = temporaryArchive()
const files = mkdtempSync(join(tmpdir(), 'overread-files-'))
let running: RunningApp
let reader: Reader

/** One study a name: patient, UIDs and file carry it. */
function write(
  name: string,
  number: number,
  pixels: SampleElement,
  transferSyntax: string,
  more: { readonly rows?: number } = {},
  extra: readonly SampleElement[] = [],
): void {
  const identity: SampleElement[] = [
    [0x00080018, 'UI', `2.25.${number}3`],
    [0x0020000d, 'UI', `2.25.${number}1`],
    [0x0020000e, 'UI', `2.25.${number}2`],
    [0x00080060, 'CS', 'OT'],
    [0x00100010, 'PN', `${name}^Test`],
    [0x00100020, 'LO', name],
  ]
  writeFileSync(
    join(files, `${name}.dcm`),
    buildObject(pictureElements({ ...form, ...more }, pixels, [...identity, ...extra]), { transferSyntax }),
  )
}

async function start(paths: readonly string[]): Promise<void> {
  running = await startApp(archive.folder, paths)
  reader = new Reader(running.page)
}

beforeAll(async () => {
  const picture = samplePicture(form)
  const stream = await encode(picture, 'encodeJpeg2000', { lossy: false })
  const lossy = await encode(picture, 'encodeJpeg2000', { lossy: true, rate: 20 })
  const compressed = (bytes: Uint8Array): SampleElement => [0x7fe00010, 'encapsulated', encapsulate([bytes])]
  write('WHOLE', 41, compressed(stream), syntaxes.jpeg2000Lossless)
  write('LOSSY', 42, compressed(lossy), syntaxes.jpeg2000)
  write('TRUNCATED', 43, compressed(stream.subarray(0, Math.floor(stream.length / 2))), syntaxes.jpeg2000Lossless)
  write('SIZE', 44, compressed(stream), syntaxes.jpeg2000Lossless, { rows: 96 })
  write('FLIPPED', 45, [0x7fe00010, 'OW', picture.bytes], syntaxes.explicit)
  const shortOverlay: SampleElement[] = [
    [0x60000010, 'US', [form.rows]],
    [0x60000011, 'US', [form.columns]],
    [0x60000040, 'CS', 'G'],
    [0x60000050, 'SS', [1, 1]],
    [0x60000100, 'US', [1]],
    [0x60000102, 'US', [0]],
    [0x60003000, 'OB', new Uint8Array(10).fill(255)],
  ]
  write('OVERLAY', 46, [0x7fe00010, 'OW', picture.bytes], syntaxes.explicit, {}, shortOverlay)
  await start([files])
})
afterAll(async () => {
  await running?.close()
  archive.remove()
  rmSync(files, { recursive: true, force: true })
})

const byId = (testId: string) => running.page.getByTestId(testId)

async function open(name: string, state: 'shown' | 'refused'): Promise<void> {
  await reader.rows.filter({ hasText: name }).first().dblclick()
  await eventually(() => reader.viewport.getAttribute('data-state'), state, `state of the viewport of ${name}`)
}

/** Nothing of a picture, the sentence with its advice and code, and the red block. */
async function isRefused(code: ErrorCode): Promise<void> {
  const refusal = byId(testIds.viewportRefusal)
  expect(await refusal.getAttribute('data-code')).toBe(code)
  const text = (await refusal.textContent()) ?? ''
  expect(text).toContain(errorCatalogue[code].sentence.slice(0, -1))
  expect(adviceFor(code)).not.toBe('')
  expect(text).toContain(adviceFor(code))
  expect(text).toContain(code)
  expect(await reader.viewport.getAttribute('data-picture')).toBe('')
  await isMarked('refused', '!')
}

/** The block, with the corner texts and without them. */
async function isMarked(integrity: string, letter: string): Promise<void> {
  for (const key of ['t', 't']) {
    const block = byId(testIds.integrity)
    expect(await block.count()).toBe(1)
    expect([await block.getAttribute('data-integrity'), (await block.textContent())?.trim()]).toEqual([integrity, letter])
    expect(await block.isVisible()).toBe(true)
    await reader.press(key)
  }
}

describe.sequential('the integrity of the picture', () => {
  test('lossless and lossy are marked, whether the corner texts are shown or hidden', async () => {
    await reader.waitForStudies(6)
    await open('WHOLE', 'shown')
    await isMarked('lossless', 'L')
    await reader.backToWorklist()
    await open('LOSSY', 'shown')
    await isMarked('lossy', '~')
    await reader.backToWorklist()
  })

  test('a code stream cut short is refused', async () => {
    await open('TRUNCATED', 'refused')
    await isRefused('pixels.code-stream')
    await reader.backToWorklist()
  })

  test('a code stream of another size than the header states is refused', async () => {
    await open('SIZE', 'refused')
    await isRefused('pixels.size')
    await reader.backToWorklist()
  })

  test('a picture whose overlay cannot be read is shown without it, and says so', async () => {
    await open('OVERLAY', 'shown')
    const notes = async () => (await byId(testIds.cornerNotes).allTextContents()).join()
    await eventually(notes, 'overlay of the file not readable', 'note in the corner')
    expect((await reader.painted(testIds.planeCanvas)).pixels).toBe(0)
    await isMarked('lossless', 'L')
    await reader.backToWorklist()
  })

  test('a file that changed in the archive by one bit is refused', async () => {
    await open('FLIPPED', 'shown')
    await isMarked('lossless', 'L')
    await running.close()
    const objects = join(archive.folder, 'objects')
    const original = readFileSync(join(files, 'FLIPPED.dcm'))
    const stored = (readdirSync(objects, { recursive: true }) as string[])
      .map((name) => join(objects, name))
      .filter((path) => statSync(path).isFile() && statSync(path).size === original.length && readFileSync(path).equals(original))
    expect(stored).toHaveLength(1)
    const changed = Buffer.from(original)
    changed[changed.length - 100] ^= 0x10
    chmodSync(stored[0], 0o600)
    writeFileSync(stored[0], changed)
    await start([])
    await reader.waitForStudies(6)
    await open('FLIPPED', 'refused')
    await isRefused('archive.integrity')
  })

  test('the page reported no fault', () => expect(running.errors).toEqual([]))
})
