/** DICOM objects that state more than they hold, for tests. */
import { constants, deflateRawSync } from 'node:zlib'
import { buildObject, encapsulate, join, pictureElements, syntaxes, type SampleElement, type SamplePicture } from './build-object'

const identity: readonly SampleElement[] = [
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
  [0x00080018, 'UI', '1.2.3'],
  [0x0020000d, 'UI', '1.2.4'],
  [0x0020000e, 'UI', '1.2.5'],
]

/** An element whose length field says what it likes, behind an object. */
export function lying(tag: number, vr: string, length: number, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = new DataView(new ArrayBuffer(12))
  head.setUint16(0, tag >>> 16, true)
  head.setUint16(2, tag & 0xffff, true)
  head.setUint8(4, vr.charCodeAt(0))
  head.setUint8(5, vr.charCodeAt(1))
  head.setUint32(8, length, true)
  return join([buildObject(identity), new Uint8Array(head.buffer), content])
}

export function item(length: number, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = new DataView(new ArrayBuffer(8))
  head.setUint32(0, 0xe000fffe, true)
  head.setUint32(4, length, true)
  return join([new Uint8Array(head.buffer), content])
}

export const smallPicture: SamplePicture = { rows: 2, columns: 2, bitsAllocated: 16 }
export const picture = (shape: Partial<SamplePicture>, pixels: Uint8Array, extra: readonly SampleElement[] = []) =>
  buildObject(pictureElements({ ...smallPicture, ...shape }, [0x7fe00010, 'OW', pixels], extra))
export const compressed = (shape: Partial<SamplePicture>, transferSyntax: string, stream: Uint8Array) =>
  buildObject(pictureElements({ ...smallPicture, ...shape }, [0x7fe00010, 'encapsulated', encapsulate([stream])]), { transferSyntax })

const zeros = deflateRawSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_FULL_FLUSH })
/** A deflate stream of so many mebibytes of zeros. */
export const deflatedZeros = (mebibytes: number) =>
  join([...Array.from({ length: mebibytes }, () => new Uint8Array(zeros)), new Uint8Array(deflateRawSync(new Uint8Array(0)))])
export const deflatedBomb = () => join([buildObject([], { transferSyntax: syntaxes.deflated, deflated: false }), deflatedZeros(2048)])

const sequenceHead = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff]
/** Sequences without lengths, one in the other. */
export const openSequences = (depth: number) =>
  join([buildObject(identity), ...Array.from({ length: depth }, () => Uint8Array.from(sequenceHead))])

/** Sequences with lengths that are right, one in the other. */
export function deepSequences(depth: number): Uint8Array {
  const heads: Uint8Array[] = []
  for (let level = 0, inner = 0; level < depth; level++) {
    const head = new DataView(new ArrayBuffer(20))
    head.setUint32(0, 0x11400008, true)
    head.setUint8(4, 0x53)
    head.setUint8(5, 0x51)
    head.setUint32(8, inner + 8, true)
    head.setUint32(12, 0xe000fffe, true)
    head.setUint32(16, inner, true)
    heads.push(new Uint8Array(head.buffer))
    inner += 20
  }
  return join([buildObject(identity), ...heads.reverse()])
}

export const emptyItems = () =>
  lying(0x00081140, 'SQ', 0xffffffff, join(Array.from({ length: 32 }, () => join(Array.from({ length: 1 << 16 }, () => item(0))))))

/** A PALETTE COLOR picture of 4 pixels. @param red what replaces the red table, else 256 entries */
export function palettePicture(descriptor: readonly number[], red: SampleElement, pixels: readonly number[]): Uint8Array {
  const ramp = Uint8Array.from({ length: 512 }, (_, index) => (index % 2 === 1 ? index >> 1 : 0))
  return picture({ photometric: 'PALETTE COLOR' }, new Uint8Array(Uint16Array.from(pixels).buffer), [
    [0x00281101, 'US', descriptor],
    [0x00281102, 'US', [256, 0, 16]],
    [0x00281103, 'US', [256, 0, 16]],
    red,
    [0x00281202, 'OW', ramp],
    [0x00281203, 'OW', ramp],
  ])
}

/** Segments that fill nothing, and copies of all of them: half a megabyte that stands for billions of steps. */
export function paletteBomb(): Uint8Array {
  const empty = Array.from({ length: 60_000 }, () => [0, 0])
  const copies = Array.from({ length: 60_000 }, () => [2, 60_000, 0, 0])
  return palettePicture(
    [256, 0, 16],
    [0x00281221, 'OW', new Uint8Array(Uint16Array.from([...empty, ...copies].flat()).buffer)],
    [0, 1, 2, 3],
  )
}
