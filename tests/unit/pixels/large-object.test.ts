/** Objects of more than 4 GB, as sparse files: a frame is read without the rest. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileSource, type ByteSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { buildObject, pictureElements, syntaxes } from '../../samples/build-object'
import { encodeRle, samplePicture } from '../../samples/encode-picture'

const folder = mkdtempSync(join(tmpdir(), 'overread-large-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Counts what is read, so that the test fails long before memory does. */
function counted(path: string) {
  const source = fileSource(path)
  const count = { bytes: 0 }
  const read = (offset: number, length: number) => {
    const bytes = source.read(offset, length)
    count.bytes += bytes.length
    return bytes
  }
  return { source: { size: source.size, read } satisfies ByteSource, count, close: () => source.close() }
}

test('uncompressed: the last of 511 frames of 8 MiB', async () => {
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

  const { source, count, close } = counted(path)
  expect(source.size).toBeGreaterThan(4e9)
  const object = readDicomObject(source)
  expect(instanceFacts(object).image?.numberOfFrames).toBe(511)
  const { samples } = await decodeFrame(object, 510, 'stored')
  expect([samples[0], samples[1]]).toEqual([263, 0])
  expect(count.bytes).toBeLessThan(frameBytes + (1 << 20))
  close()
})

test('compressed: the last of 300 frames, whose fragments lie 16 MB apart', async () => {
  const path = join(folder, 'encapsulated')
  const picture = samplePicture({ rows: 21, columns: 33, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false })
  const header = buildObject(pictureElements({ ...picture, frames: 300 }, [0x7fe00010, 'encapsulated', new Uint8Array(0)]), {
    transferSyntax: syntaxes.rle,
  })
  const stream = encodeRle(picture)
  const fragmentBytes = 16_000_000
  const item = (length: number) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setUint32(0, 0xe000fffe, true)
    view.setUint32(4, length, true)
    return new Uint8Array(view.buffer)
  }
  const file = openSync(path, 'w')
  writeSync(file, header)
  writeSync(file, item(0))
  const base = header.length + 8
  for (let frame = 0; frame < 300; frame++) {
    writeSync(file, item(fragmentBytes), 0, 8, base + frame * (fragmentBytes + 8))
    writeSync(file, stream, 0, stream.length, base + frame * (fragmentBytes + 8) + 8)
  }
  ftruncateSync(file, base + 300 * (fragmentBytes + 8))
  closeSync(file)

  const { source, count, close } = counted(path)
  expect(source.size).toBeGreaterThan(4.5e9)
  const { samples } = await decodeFrame(readDicomObject(source), 299, 'stored')
  expect(Buffer.compare(Buffer.from(samples.buffer), picture.bytes)).toBe(0)
  expect(count.bytes).toBeLessThan(fragmentBytes + (1 << 20))
  close()
})
