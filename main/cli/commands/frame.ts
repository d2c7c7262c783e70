/** overread frame: one frame of a file at one stage, as raw samples. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { frameStages, type FrameStage } from '../../../contracts/frame'
import { fileFrame, type FileFrame } from '../../host/command-line/cli-frame'
import { textOption, UsageError, type Command } from '../command'

export const frame: Command = {
  name: 'frame',
  summary: 'Writes one frame of a file as raw little-endian samples.',
  usage: 'frame FILE [--frame N] --stage stored|modality|display --out FILE',
  options: { frame: { type: 'string' }, stage: { type: 'string' }, out: { type: 'string' } },
  help: [
    ['--frame N', 'the frame, counted from 1 (default 1)'],
    ['--stage NAME', 'stored, modality, or display (8 bit, as shown)'],
    ['--out FILE', 'where the samples go'],
  ],
  positionals: [1, 1],
  async run(invocation) {
    const stage = stageOption(textOption(invocation, 'stage'))
    const out = textOption(invocation, 'out')
    if (out === null) throw new UsageError('--out is needed')
    const frameNumber = Number(textOption(invocation, 'frame') ?? '1')
    if (!Number.isInteger(frameNumber) || frameNumber < 1) throw new UsageError('--frame counts from 1')
    const [file] = invocation.positionals
    const { description, samples, edges } = await fileFrame(file, frameNumber - 1, stage)
    const bytes = littleEndian(samples)
    await writeFile(out, bytes)
    const { rows, columns, samplesPerPixel, type, min, max, photometricInterpretation, transferSyntaxUid } = description
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return {
      document: { rows, columns, samplesPerPixel, type, min, max, sha256, photometricInterpretation, transferSyntaxUid, edges },
      text: `${rows} rows x ${columns} columns x ${samplesPerPixel}, ${type}, ${min} to ${max}\n${edgeWords(edges)}\n`,
      failed: false,
    }
  },
}

/** The patient's sides at the edges of the frame. */
function edgeWords(edges: FileFrame['edges']): string {
  const known = Object.entries(edges).filter(([, letters]) => letters !== '')
  return known.length === 0 ? 'orientation not known' : known.map(([edge, letters]) => `${edge} ${letters}`).join(', ')
}

function stageOption(name: string | null): FrameStage {
  if (!frameStages.includes(name as FrameStage)) throw new UsageError('--stage is stored, modality or display')
  return name as FrameStage
}

/** Samples as bytes, least significant first, whatever the machine. */
function littleEndian(samples: ArrayBufferView): Uint8Array {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const width = (samples as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT
  const machineIsBig = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0
  if (!machineIsBig || width === 1) return bytes
  const copy = Buffer.from(bytes)
  if (width === 2) copy.swap16()
  else if (width === 4) copy.swap32()
  else copy.swap64()
  return copy
}
