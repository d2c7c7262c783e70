/**
 * Decoding on one thread against the native tools of the system, for pictures of 512 and 2048 pixels in 16 bits.
 *
 * Ours: compressed bytes in memory to stored values, frame after frame. Theirs: the same frames from and to files in
 * memory; the tools' start is taken off, as the difference of many frames and one, or of a picture and a tiny one.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame, warmCodecs } from '../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes } from '../samples/build-object'
import { encode, encodeRle, type PictureSample } from '../samples/encode-picture'
import { ctPicture, describeMachine, execute, isInstalled, leastOf, memoryFolder, rounds } from './support/measure'

interface Way {
  readonly name: string
  readonly syntax: string
  readonly write: (picture: PictureSample) => Promise<Uint8Array> | Uint8Array
  readonly tool: 'dcmdrle' | 'dcmdjpeg' | 'dcmdjpls' | 'opj_decompress' | 'ojph_expand'
  readonly aim: number
}

const ways: readonly Way[] = [
  { name: 'RLE', syntax: syntaxes.rle, write: encodeRle, tool: 'dcmdrle', aim: 1 },
  {
    name: 'JPEG Lossless',
    syntax: syntaxes.jpegLosslessFirstOrder,
    write: (picture) => encode(picture, 'encodeJpeg', { lossy: false, predictor: 1, pointTransform: 0 }),
    tool: 'dcmdjpeg',
    aim: 1.5,
  },
  {
    name: 'JPEG-LS',
    syntax: syntaxes.jpegLsLossless,
    write: (picture) => encode(picture, 'encodeJpegLs', { lossy: false }),
    tool: 'dcmdjpls',
    aim: 1,
  },
  {
    name: 'JPEG 2000',
    syntax: syntaxes.jpeg2000Lossless,
    write: (picture) => encode(picture, 'encodeJpeg2000', { lossy: false }),
    tool: 'opj_decompress',
    aim: 1.3,
  },
  {
    name: 'HTJ2K',
    syntax: syntaxes.htj2kLossless,
    write: (picture) => encode(picture, 'encodeHtJpeg2000', { lossy: false }),
    tool: 'ojph_expand',
    aim: 1,
  },
]

/** Frames a turn: enough work that the start of a tool is small beside it. */
const framesOf = (side: number) => (side === 512 ? 32 : 6)

/** Work below this share of a tool's start is lost in how much the start itself varies. */
const leastShareOfStart = 0.5

const memory = memoryFolder()
const { folder } = memory
beforeAll(async () => {
  await warmCodecs()
  console.log(describeMachine())
})
afterAll(() => memory.remove())

test.each([512, 2048].flatMap((side) => ways.map((way) => ({ ...way, side }))))(
  '$name, $side × $side, against $tool',
  async ({ side, ...way }) => {
    if (!isInstalled(way.tool)) return console.log(`${way.name}: ${way.tool} is not installed`)
    const picture = ctPicture(side)
    const frames = framesOf(side)
    const stream = await way.write(picture)
    const object = readDicomObject(bytesSource(objectOf(way, picture, stream, frames)))
    expect(Buffer.from((await decodeFrame(object, 0, 'stored')).samples.buffer).equals(Buffer.from(picture.bytes))).toBe(true)

    const { run, units } = await nativeRuns(way, picture, stream, frames)
    // A tool that takes one picture works for a moment only: more turns.
    const least = await leastOf(
      {
        ours: async () => {
          for (let frameIndex = 0; frameIndex < frames; frameIndex++) await decodeFrame(object, frameIndex, 'stored')
        },
        start: run.start,
        work: run.work,
      },
      units === 1 ? rounds * 4 : rounds,
    )
    const ours = least.ours / frames
    const native = (least.work - least.start) / units
    const title = `${way.name} ${side} × ${side}: ours ${ours.toFixed(2)} ms`
    console.log(
      least.work - least.start < least.start * leastShareOfStart
        ? `${title}, ${way.tool} too little above its start of ${least.start.toFixed(2)} ms to tell`
        : `${title}, ${way.tool} ${native.toFixed(2)} ms a frame, ratio ${(ours / native).toFixed(2)} (aim ${way.aim.toFixed(1)})`,
    )
    expect(ours).toBeGreaterThan(0)
  },
)

function objectOf({ syntax }: Way, picture: PictureSample, stream: Uint8Array, frames: number): Uint8Array {
  const pixels = encapsulate(Array.from({ length: frames }, () => stream))
  return buildObject(pictureElements({ ...picture, frames }, [0x7fe00010, 'encapsulated', pixels]), { transferSyntax: syntax })
}

/** What a tool does once and `units` times more. */
async function nativeRuns(way: Way, picture: PictureSample, stream: Uint8Array, frames: number) {
  const at = join(folder, `${way.tool}-${picture.rows}`)
  mkdirSync(at)
  if (way.tool === 'opj_decompress') {
    const [few, many] = [join(at, 'one'), join(at, 'many')]
    mkdirSync(few)
    mkdirSync(many)
    writeFileSync(join(few, '0.j2k'), stream)
    for (let index = 0; index < frames; index++) writeFileSync(join(many, `${index}.j2k`), stream)
    const expand = (from: string) => () => execute(way.tool, ['-ImgDir', from, '-OutFor', 'RAWL', '-threads', '0'])
    return { run: { start: expand(few), work: expand(many) }, units: frames - 1 }
  }
  if (way.tool === 'ojph_expand') {
    // It takes one picture: that of 8 × 8 pixels shows its start.
    const tiny = ctPicture(8)
    writeFileSync(join(at, 'tiny.j2c'), await way.write(tiny))
    writeFileSync(join(at, 'picture.j2c'), stream)
    const expand = (name: string) => () => execute(way.tool, ['-i', join(at, name), '-o', join(at, 'out.pgm')])
    return { run: { start: expand('tiny.j2c'), work: expand('picture.j2c') }, units: 1 }
  }
  writeFileSync(join(at, 'one.dcm'), objectOf(way, picture, stream, 1))
  writeFileSync(join(at, 'many.dcm'), objectOf(way, picture, stream, frames))
  const expand = (name: string) => () => execute(way.tool, [join(at, name), join(at, 'out.dcm')])
  return { run: { start: expand('one.dcm'), work: expand('many.dcm') }, units: frames - 1 }
}
