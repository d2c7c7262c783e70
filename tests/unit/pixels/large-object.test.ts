/** Objects of more than 4 GB, as sparse files: a frame is read without the rest. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileSource, type ByteSource } from '../../../main/base/byte-source'
import { chunkBytes } from '../../../main/base/hashing'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { measure } from '../../measure'
import { buildObject, pictureElements, syntaxes, type SampleElement } from '../../samples/build-object'
import { encodeRle, samplePicture } from '../../samples/encode-picture'

const folder = mkdtempSync(join(tmpdir(), 'overread-large-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Counts what is read, so that the test fails long before memory does. */
function counted(path: string, verifyChunk?: (index: number, bytes: Uint8Array) => void) {
  const source = fileSource(path, verifyChunk ? { verifyChunk } : {})
  const count = { bytes: 0 }
  const read = (offset: number, length: number) => {
    const bytes = source.read(offset, length)
    count.bytes += bytes.length
    return bytes
  }
  return { source: { size: source.size, read } satisfies ByteSource, count, close: () => source.close() }
}

/** Uncompressed, 511 frames of 8 MiB, of which the last begins with two pixels that are not 0. */
function writeNative(): { path: string; frameBytes: number } {
  const path = join(folder, 'native')
  const picture = { rows: 2048, columns: 2048, bitsAllocated: 16, frames: 511 }
  const frameBytes = 2048 * 2048 * 2
  // The length of the pixel data is written by hand: the value would not fit into memory.
  const header = buildObject(pictureElements(picture, [0x7fe00010, 'OW', new Uint8Array(0)]))
  new DataView(header.buffer).setUint32(header.length - 4, frameBytes * 511, true)
  const file = openSync(path, 'w')
  writeSync(file, header)
  ftruncateSync(file, header.length + frameBytes * 511)
  writeSync(file, Uint8Array.of(7, 1), 0, 2, header.length + frameBytes * 510)
  closeSync(file)
  return { path, frameBytes }
}

test('uncompressed: the last of 511 frames of 8 MiB', async () => {
  const { path, frameBytes } = writeNative()
  const { source, count, close } = counted(path)
  expect(source.size).toBeGreaterThan(4e9)
  const object = readDicomObject(source)
  expect(instanceFacts(object).image?.numberOfFrames).toBe(511)
  const { samples } = await decodeFrame(object, 510, 'stored')
  expect([samples[0], samples[1]]).toEqual([263, 0])
  expect(count.bytes).toBeLessThan(frameBytes + (1 << 20))
  close()
})

test('from an archive: of the chunks, those of the header and of the frame alone are verified', async () => {
  const { path, frameBytes } = writeNative()
  const verified = new Set<number>()
  const { source, close } = counted(path, (index) => void verified.add(index))
  const { samples } = await decodeFrame(readDicomObject(source), 510, 'stored')
  expect(samples[0]).toBe(263)
  const last = Math.floor((source.size - 1) / chunkBytes)
  expect([...verified].sort((a, b) => a - b)).toEqual([
    0,
    ...Array.from({ length: frameBytes / chunkBytes + 1 }, (_, index) => last - frameBytes / chunkBytes + index),
  ])
  close()
})

const picture = samplePicture({ rows: 21, columns: 33, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false })
const stream = encodeRle(picture)

/** RLE in a sparse file: each frame in `perFrame` fragments of `fragmentBytes`, each beginning with the stream. */
function writeCompressed(frames: number, perFrame: number, fragmentBytes: number, extended: boolean): string {
  const path = join(folder, `encapsulated-${frames}-${perFrame}`)
  const table = new DataView(new ArrayBuffer(frames * 8))
  for (let frame = 0; frame < frames; frame++) table.setBigUint64(frame * 8, BigInt(frame * perFrame) * BigInt(fragmentBytes + 8), true)
  const offsets: SampleElement[] = extended ? [[0x7fe00001, 'OV', new Uint8Array(table.buffer)]] : []
  const header = buildObject(pictureElements({ ...picture, frames }, [0x7fe00010, 'encapsulated', new Uint8Array(0)], offsets), {
    transferSyntax: syntaxes.rle,
  })
  const file = openSync(path, 'w')
  writeSync(file, header)
  writeSync(file, item(0))
  const base = header.length + 8
  for (let fragment = 0; fragment < frames * perFrame; fragment++) {
    const at = base + fragment * (fragmentBytes + 8)
    // Each fragment begins like a frame, so that its content cannot tell which does: the frame is read by its first one.
    writeSync(file, Buffer.concat([item(fragmentBytes), stream]), 0, undefined, at)
  }
  ftruncateSync(file, base + frames * perFrame * (fragmentBytes + 8))
  closeSync(file)
  return path
}

function item(length: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, 0xe000fffe, true)
  view.setUint32(4, length, true)
  return new Uint8Array(view.buffer)
}

test.each([
  { why: 'without a table, one fragment a frame', frames: 300, perFrame: 1, fragmentBytes: 16_000_000, extended: false },
  {
    why: 'an extended offset table beyond 4 GB, three fragments a frame',
    frames: 300,
    perFrame: 3,
    fragmentBytes: 5_000_000,
    extended: true,
  },
  { why: '16,384 frames', frames: 16_384, perFrame: 1, fragmentBytes: 270_000, extended: false },
])('compressed, $why: the last frame', async ({ frames, perFrame, fragmentBytes, extended }) => {
  const { source, count, close } = counted(writeCompressed(frames, perFrame, fragmentBytes, extended))
  expect(source.size).toBeGreaterThan(2 ** 32)
  const { outcome, mb } = await measure(() => decodeFrame(readDicomObject(source), frames - 1, 'stored'))
  expect(Buffer.compare(Buffer.from(outcome.samples.buffer), picture.bytes)).toBe(0)
  expect(count.bytes).toBeLessThan(perFrame * fragmentBytes + (1 << 20))
  // The frame, its fragments joined, and the list of all fragments.
  expect(mb).toBeLessThan(100)
  close()
})

test('EXPECTED FAILURE several fragments a frame, which only a table tells apart', async () => {
  const { source, close } = counted(writeCompressed(300, 2, 8_000_000, false))
  await expect(decodeFrame(readDicomObject(source), 299, 'stored')).rejects.toMatchObject({ code: 'pixels.size' })
  close()
})
