/** Decoding and indexing against native tools on the same machine, in one run: what counts is the ratio. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesSource, fileSource } from '../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { decodeFrame, warmCodecs } from '../../main/pixels/decode-frame'
import { buildObject, encapsulate, pictureElements, syntaxes } from '../samples/build-object'
import { encode, encodeRle, type PictureSample } from '../samples/encode-picture'

interface Way {
  readonly name: string
  readonly syntax: string
  readonly encode: (picture: PictureSample) => Promise<Uint8Array> | Uint8Array
  /** Turns a DICOM file of many frames, or a bare code stream, into pixels. */
  readonly tool: readonly [command: 'dcmdrle' | 'dcmdjpeg' | 'dcmdjpls' | 'opj_decompress' | 'ojph_expand', aim: number]
}

const ways: readonly Way[] = [
  { name: 'RLE', syntax: syntaxes.rle, encode: encodeRle, tool: ['dcmdrle', 1] },
  {
    name: 'JPEG Lossless',
    syntax: syntaxes.jpegLosslessFirstOrder,
    encode: (picture) => encode(picture, 'encodeJpeg', { lossy: false, predictor: 1, pointTransform: 0 }),
    tool: ['dcmdjpeg', 1.5],
  },
  {
    name: 'JPEG-LS',
    syntax: syntaxes.jpegLsLossless,
    encode: (picture) => encode(picture, 'encodeJpegLs', { lossy: false }),
    tool: ['dcmdjpls', 1],
  },
  {
    name: 'JPEG 2000',
    syntax: syntaxes.jpeg2000Lossless,
    encode: (picture) => encode(picture, 'encodeJpeg2000', { lossy: false }),
    tool: ['opj_decompress', 1.3],
  },
  {
    name: 'HTJ2K',
    syntax: syntaxes.htj2kLossless,
    encode: (picture) => encode(picture, 'encodeHtJpeg2000', { lossy: false }),
    tool: ['ojph_expand', 1],
  },
]

/** The least of several times, ms: what the machine does besides only adds. */
async function least(runs: number, action: () => unknown): Promise<number> {
  let best = Infinity
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await action()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

function execute(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args)
  if (status !== 0) throw new Error(`${command}: ${String(stderr).slice(0, 200)}`)
}

/** @param picturePath an object of 512 × 512 pixels in 12 bits, which is tiled to 2048 × 2048 */
export async function decodeSpeed(picturePath: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'overread-speed-'))
  try {
    await warmCodecs()
    for (const size of [512, 2048]) {
      const picture = await tiled(picturePath, size)
      for (const way of ways) await compareDecoder(way, picture, size === 512 ? 24 : 6, folder)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tiled(path: string, size: number): Promise<PictureSample> {
  const source = fileSource(path)
  const { samples, description } = await decodeFrame(readDicomObject(source), 0, 'stored')
  source.close()
  const words = new Uint16Array(size * size)
  for (let i = 0; i < words.length; i++) {
    const row = Math.floor(i / size) % description.rows
    words[i] = samples[row * description.columns + ((i % size) % description.columns)] & 0xfff
  }
  return {
    rows: size,
    columns: size,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    signed: false,
    bytes: new Uint8Array(words.buffer),
  }
}

async function compareDecoder(way: Way, picture: PictureSample, frames: number, folder: string): Promise<void> {
  const stream = await way.encode(picture)
  const objectBytes = (count: number) =>
    buildObject(
      pictureElements({ ...picture, frames: count }, [
        0x7fe00010,
        'encapsulated',
        encapsulate(Array.from({ length: count }, () => stream)),
      ]),
      { transferSyntax: way.syntax },
    )
  const object: DicomObject = readDicomObject(bytesSource(objectBytes(frames)))
  const ours =
    (await least(4, async () => {
      for (let frameIndex = 0; frameIndex < frames; frameIndex++) await decodeFrame(object, frameIndex, 'stored')
    })) / frames
  const native = await nativeTime(way, stream, objectBytes, frames, folder)
  const [command, aim] = way.tool
  const ratio = ours / native
  console.log(
    `${picture.rows} × ${picture.columns}  ${way.name.padEnd(14)} ${ours.toFixed(1).padStart(6)} ms  ${command.padEnd(14)} ${native.toFixed(1).padStart(6)} ms  ratio ${ratio.toFixed(2)} (aim ${aim})`,
  )
}

/** A frame's time in the native tool: for those that take many frames, without the process' start. */
async function nativeTime(
  { tool: [command] }: Way,
  stream: Uint8Array,
  objectBytes: (count: number) => Uint8Array,
  frames: number,
  folder: string,
): Promise<number> {
  const target = join(folder, command === 'ojph_expand' ? 'out.pgm' : command === 'opj_decompress' ? 'out.raw' : 'out.dcm')
  if (command === 'opj_decompress' || command === 'ojph_expand') {
    const source = join(folder, command === 'ojph_expand' ? 'in.j2c' : 'in.j2k')
    writeFileSync(source, stream)
    return least(4, () => execute(command, ['-i', source, '-o', target]))
  }
  const [one, many] = [join(folder, 'one.dcm'), join(folder, 'many.dcm')]
  writeFileSync(one, objectBytes(1))
  writeFileSync(many, objectBytes(frames))
  const single = await least(4, () => execute(command, [one, target]))
  const all = await least(4, () => execute(command, [many, target]))
  return (all - single) / (frames - 1)
}

/** Headers to facts, a file, against gdcmscanner and pydicom on the same folder. */
export async function indexSpeed(folder: string): Promise<void> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => join(folder, name))
  const ours = await least(5, () => {
    for (const file of files) {
      const source = fileSource(file)
      instanceFacts(readDicomObject(source))
      source.close()
    }
  })
  const tags = [
    '0008,0016',
    '0008,0018',
    '0008,0060',
    '0010,0010',
    '0010,0020',
    '0020,000d',
    '0020,000e',
    '0020,0013',
    '0020,0032',
    '0020,0037',
    '0028,0010',
    '0028,0011',
    '0028,0030',
  ]
  const scanner = await least(5, () => execute('gdcmscanner', ['-d', folder, ...tags.flatMap((tag) => ['-t', tag])]))
  const script =
    'import sys,time,pydicom\nfiles=sys.argv[1:]\nt=time.time()\nfor f in files: pydicom.dcmread(f,stop_before_pixels=True)\nprint((time.time()-t)*1000)'
  const pydicom = Number(spawnSync('/usr/bin/python3', ['-c', script, ...files], { encoding: 'utf8' }).stdout)
  const each = (total: number) => `${((total / files.length) * 1000).toFixed(0)} µs`
  console.log(
    `index, ${files.length} files  ours ${each(ours)}  gdcmscanner ${each(scanner)}, rate ratio ${(scanner / ours).toFixed(2)} (aim 1.0)  pydicom ${each(pydicom)}, ${(pydicom / ours).toFixed(1)} (aim 5)`,
  )
}
