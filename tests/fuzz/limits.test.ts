/**
 * Objects that state more than they hold: each is refused, or its header read, at once and without memory for what it states.
 * The bounds of time are wide, so that a busy machine passes; what was measured is printed.
 */
import { expect, test } from 'vitest'
import { OverreadError } from '../../contracts/errors'
import { bytesSource, type ByteSource } from '../../main/base/byte-source'
import { readContainer } from '../../main/dicom/container'
import { describeObject } from '../../main/dicom/describe-object'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { decodeFrame, warmCodecs } from '../../main/pixels/decode-frame'
import { overlayPlanes } from '../../main/pixels/overlay-planes'
import { buildIso } from '../samples/build-iso'
import { buildObject, join, pictureElements, syntaxes, type SampleElement } from '../samples/build-object'
import { buildZip } from '../samples/build-zip'
import { encode, samplePicture } from '../samples/encode-picture'
import {
  compressed,
  deepSequences,
  deflatedBomb,
  deflatedZeros,
  emptyItems,
  item,
  lying,
  openSequences,
  paletteBomb,
  picture,
  smallPicture,
} from '../samples/lying-objects'
import { measure } from '../measure'

const secondsAllowed = 5
const megabytesAllowed = 256

/** All that the product does with a file; the code of the first refusal, or `read`. */
async function readAll(bytes: Uint8Array | ByteSource, frameIndex = 0): Promise<string> {
  return await outcomeOf(async () => {
    const object = readDicomObject(bytes instanceof Uint8Array ? bytesSource(bytes) : bytes)
    instanceFacts(object)
    describeObject(object)
    if (object.pixelElement) await decodeFrame(object, frameIndex, 'display')
    overlayPlanes(object, frameIndex)
  })
}

async function readEntries(bytes: Uint8Array): Promise<string> {
  let refused = ''
  const outcome = await outcomeOf(() =>
    readContainer(
      bytesSource(bytes),
      ({ source }) => void source.read(0, source.size),
      ({ error }) => void (refused ||= error.code),
    ),
  )
  return outcome === 'read' && refused !== '' ? refused : outcome
}

async function outcomeOf(action: () => Promise<void>): Promise<string> {
  try {
    await action()
    return 'read'
  } catch (error) {
    if (error instanceof OverreadError) return error.code
    throw error
  }
}

const identity: readonly SampleElement[] = [
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
  [0x00080018, 'UI', '1.2.3'],
  [0x0020000d, 'UI', '1.2.4'],
  [0x0020000e, 'UI', '1.2.5'],
]

const square = { rows: 65535, columns: 65535 }
const grey = samplePicture({ rows: 32, columns: 32, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, signed: false })

/** The size that a code stream's own header states, replaced by 65535 × 65535. */
const codeStreams = [
  { name: 'JPEG Lossless', syntax: syntaxes.jpegLossless, codec: 'encodeJpeg', parameters: { lossy: false, predictor: 1, pointTransform: 0 }, marker: 0xc3 },
  { name: 'JPEG-LS', syntax: syntaxes.jpegLsLossless, codec: 'encodeJpegLs', parameters: { lossy: false }, marker: 0xf7 },
  { name: 'JPEG 2000', syntax: syntaxes.jpeg2000Lossless, codec: 'encodeJpeg2000', parameters: { lossy: false }, marker: 0x51 },
  { name: 'HTJ2K', syntax: syntaxes.htj2kLossless, codec: 'encodeHtJpeg2000', parameters: { lossy: false }, marker: 0x51 },
] as const // prettier-ignore

async function hugeStream({ codec, parameters, marker }: (typeof codeStreams)[number]): Promise<Uint8Array<ArrayBuffer>> {
  const stream = Uint8Array.from(await encode(grey, codec, parameters))
  const at = stream.findIndex((byte, index) => byte === 0xff && stream[index + 1] === marker)
  const view = new DataView(stream.buffer)
  if (marker === 0x51) {
    // SIZ: width, height, offsets, then the same for the tile.
    for (const field of [6, 10, 22, 26]) view.setUint32(at + field, 65535)
  } else {
    view.setUint16(at + 5, 65535)
    view.setUint16(at + 7, 65535)
  }
  return stream
}

interface Case {
  readonly why: string
  readonly bytes: () => Uint8Array | ByteSource | Promise<Uint8Array>
  readonly frameIndex?: number
  readonly code: string
}

const cases: readonly Case[] = [
  { why: '65535 × 65535 pixels', bytes: () => picture(square, new Uint8Array(8)), code: 'dicom.limit' },
  { why: '65535 × 65535 pixels of 1 bit', bytes: () => picture({ ...square, bitsAllocated: 1 }, new Uint8Array(8)), code: 'dicom.limit' },
  { why: '11,000 × 11,000 pixels, 8 bytes', bytes: () => picture({ rows: 11000, columns: 11000 }, new Uint8Array(8)), code: 'pixels.size' },
  ...[syntaxes.rle, syntaxes.jpegLossless, syntaxes.jpegLsLossless, syntaxes.jpeg2000Lossless, syntaxes.htj2kLossless, syntaxes.deflatedFrame].map(
    (syntax): Case => ({ why: `11,000 × 11,000 pixels in 70 bytes of ${syntax}`, bytes: () => compressed({ rows: 11000, columns: 11000 }, syntax, new Uint8Array(70)), code: 'pixels.size' }),
  ),
  ...codeStreams.map((stream): Case => ({
    why: `a code stream that states 65535 × 65535, ${stream.name}`,
    bytes: async () => compressed({ rows: 32, columns: 32, bitsStored: 12 }, stream.syntax, await hugeStream(stream)),
    code: 'pixels.size',
  })),
  ...codeStreams.map((stream): Case => ({
    why: `both headers state 65535 × 65535, ${stream.name}`,
    bytes: async () => compressed({ ...square, bitsStored: 12 }, stream.syntax, await hugeStream(stream)),
    code: 'dicom.limit',
  })),
  { why: 'an overlay of 65535 × 65535', bytes: () => picture({}, new Uint8Array(8), [[0x60000010, 'US', [65535]], [0x60000011, 'US', [65535]], [0x60003000, 'OB', new Uint8Array(2)]]), code: 'dicom.limit' },
  { why: 'a million frames', bytes: () => picture({ frames: 1_000_000 }, new Uint8Array(8)), code: 'dicom.limit' },
  { why: 'as many frames as are taken, of which there is one', bytes: () => picture({ frames: 1 << 18 }, new Uint8Array(8)), frameIndex: (1 << 18) - 1, code: 'pixels.size' },
  { why: 'as many frames as are taken, of an enhanced object', bytes: () => picture({ frames: 1 << 18 }, new Uint8Array(8), [[0x52009229, 'SQ', [[]]]]), frameIndex: 1, code: 'pixels.size' },
  { why: 'as many frames as are taken, compressed', bytes: () => compressed({ frames: 1 << 18 }, syntaxes.rle, new Uint8Array(70)), code: 'pixels.size' },
  ...(['OB', 'OW', 'UN', 'UT', 'UC', 'OF'] as const).map((vr): Case => ({ why: `a ${vr} of 4 GB`, bytes: () => lying(0x00420011, vr, 0xfffffffe), code: 'file.damaged' })),
  { why: 'a sequence of 4 GB', bytes: () => lying(0x00081140, 'SQ', 0xfffffffe), code: 'file.damaged' },
  { why: 'an item of 4 GB', bytes: () => lying(0x00081140, 'SQ', 0xffffffff, item(0xfffffffe)), code: 'file.damaged' },
  { why: 'pixel data of 4 GB', bytes: () => { const bytes = picture({}, new Uint8Array(8)); new DataView(bytes.buffer).setUint32(bytes.length - 12, 0xfffffffe, true); return bytes }, code: 'read' },
  { why: 'a fragment of 4 GB', bytes: () => buildObject(pictureElements(smallPicture, [0x7fe00010, 'encapsulated', join([item(0), item(0xfffffffe, new Uint8Array(70))])]), { transferSyntax: syntaxes.rle }), code: 'pixels.code-stream' },
  { why: 'a basic offset table of 4 GB', bytes: () => buildObject(pictureElements(smallPicture, [0x7fe00010, 'encapsulated', item(0xfffffffc, new Uint8Array(70))]), { transferSyntax: syntaxes.rle }), code: 'pixels.size' },
  { why: 'file meta information of 4 GB', bytes: () => { const bytes = buildObject(identity); new DataView(bytes.buffer).setUint32(140, 0xfffffffe, true); return bytes }, code: 'read' },
  { why: 'sequences 10,000 deep, without lengths', bytes: () => openSequences(10_000), code: 'dicom.limit' },
  { why: 'sequences 10,000 deep, with lengths', bytes: () => deepSequences(10_000), code: 'dicom.limit' },
  { why: 'sequences 10,000 deep in UN, where they are implicit', bytes: () => join([lying(0x00091001, 'UN', 0xffffffff, item(0xffffffff)), ...Array.from({ length: 10_000 }, () => join([Uint8Array.of(9, 0, 1, 16, 255, 255, 255, 255), item(0xffffffff)]))]), code: 'dicom.limit' },
  { why: 'two million empty items', bytes: emptyItems, code: 'dicom.limit' },
  { why: 'a million items with an element each', bytes: () => lying(0x00081140, 'SQ', 0xffffffff, manyItems(1 << 20)), code: 'dicom.limit' },
  { why: 'a bomb as a deflated data set', bytes: deflatedBomb, code: 'dicom.limit' },
  { why: 'a bomb as a palette of segments', bytes: paletteBomb, code: 'dicom.limit' },
  { why: 'a bomb as a deflated frame', bytes: () => compressed({}, syntaxes.deflatedFrame, deflatedZeros(2048)), code: 'pixels.code-stream' },
] // prettier-ignore

function manyItems(count: number): Uint8Array {
  const one = item(8, Uint8Array.from([8, 0, 0x50, 0x11, 0x55, 0x49, 0, 0]))
  const thousand = join(Array.from({ length: 1024 }, () => one))
  return join(Array.from({ length: count / 1024 }, () => thousand))
}

test.each(cases)('$why', async ({ why, bytes, frameIndex, code }) => {
  await warmCodecs()
  const source = await bytes()
  const { outcome, ms, mb } = await measure(() => readAll(source, frameIndex))
  console.log(`${why}: ${outcome} in ${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB`)
  expect(outcome).toBe(code)
  expect(ms).toBeLessThan(secondsAllowed * 1000)
  expect(mb).toBeLessThan(megabytesAllowed)
})

/** 42 in the making: a ZIP of ZIPs, of which each inflates to a thousand times its size. */
function zipOfZips(): Uint8Array {
  const bomb = buildZip([{ name: 'zeros', bytes: new Uint8Array(100 << 20), deflated: true }])
  return buildZip(Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, bytes: bomb, deflated: true })))
}

const containers: readonly Case[] = [
  { why: 'a ZIP bomb', bytes: () => buildZip([{ name: 'zeros', bytes: new Uint8Array(512 << 20), deflated: true }]), code: 'dicom.limit' },
  { why: 'a bomb of many entries', bytes: () => { const bytes = new Uint8Array(32 << 20); return buildZip(Array.from({ length: 32 }, (_, index) => ({ name: `${index}`, bytes, deflated: true }))) }, code: 'dicom.limit' },
  { why: 'a ZIP of bombs', bytes: zipOfZips, code: 'dicom.limit' },
  { why: 'an entry that states 1 GB', bytes: () => buildZip([{ name: 'little', bytes: new Uint8Array(1000), deflated: true, statedSize: 1 << 30 }]), code: 'file.unreadable' },
  { why: 'an entry that states 4 GB', bytes: () => buildZip([{ name: 'little', bytes: new Uint8Array(1000), deflated: true, statedSize: 0xfffffff0 }]), code: 'file.too-large' },
  { why: 'a file of 4 GB in a disc image', bytes: () => buildIso([{ name: 'LITTLE', bytes: new Uint8Array(1000), stated: { length: 0xfffffff0 } }]), code: 'file.unreadable' },
  { why: 'a folder of 4 GB in a disc image', bytes: () => buildIso([{ name: 'LITTLE', entries: [], stated: { length: 0xfffff800 } }]), code: 'dicom.limit' },
] // prettier-ignore

test.each(containers)('$why', async ({ why, bytes, code }) => {
  const source = (await bytes()) as Uint8Array
  // What the test itself made is garbage by now, and is not to hide what the product takes.
  const { outcome, ms, mb } = await measure(() => readEntries(source))
  console.log(`${why}: ${outcome} in ${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB`)
  expect(outcome).toBe(code)
  expect(ms).toBeLessThan(secondsAllowed * 1000)
  expect(mb).toBeLessThan(megabytesAllowed)
})
