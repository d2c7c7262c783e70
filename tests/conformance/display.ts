/** Display values against DCMTK's renderers. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '../../contracts/frame'
import type { DicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { modalityLut } from '../../main/pixels/read-luts'
import { imageAttributes } from '../../main/pixels/image-attributes'

export type DisplayResult =
  | { readonly kind: 'compared'; readonly worst: number; readonly differing: number }
  | { readonly kind: 'no-oracle'; readonly reason: string }

/** The largest difference of one frame, padding left out: DCMTK does not make it black. */
export async function compareDisplay(object: DicomObject, path: string, frameIndex: number): Promise<DisplayResult> {
  const display = await decodeFrame(object, frameIndex, 'display')
  const modality = await decodeFrame(object, frameIndex, 'modality')
  const stored = await decodeFrame(object, frameIndex, 'stored')
  const oracle = dcmtkPicture(object, path, frameIndex, modality, stored)
  if (typeof oracle === 'string') return { kind: 'no-oracle', reason: oracle }
  const { rows, columns, samplesPerPixel } = display.description
  if (oracle.columns !== columns || oracle.rows !== rows)
    return { kind: 'no-oracle', reason: `its picture is ${oracle.columns} × ${oracle.rows}` }
  const { padding } = modality.description.presentation
  let worst = 0
  let differing = 0
  for (let i = 0; i < display.samples.length; i++) {
    if (padding && samplesPerPixel === 1 && modality.samples[i] >= padding[0] && modality.samples[i] <= padding[1]) continue
    const at = oracle.samplesPerPixel === samplesPerPixel ? i : samplesPerPixel === 3 ? Math.floor(i / 3) : i * 3
    const difference = Math.abs(display.samples[i] - oracle.bytes[at])
    if (difference > 1) differing++
    if (difference > worst) worst = difference
  }
  return { kind: 'compared', worst, differing }
}

export function worstDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return 255
  let worst = 0
  for (let i = 0; i < ours.length; i++) worst = Math.max(worst, Math.abs(ours[i] - theirs[i]))
  return worst
}

interface Picture {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: 1 | 3
  readonly bytes: Uint8Array
}

function dcmtkPicture(object: DicomObject, path: string, frameIndex: number, modality: Frame, stored: Frame): Picture | string {
  const folder = mkdtempSync(join(tmpdir(), 'overread-conformance-'))
  try {
    let source = path
    const { codec } = object.transferSyntax
    if (codec === 'jpeg-2000') {
      source = join(folder, 'raw.dcm')
      if (spawnSync('gdcmconv', ['--raw', path, source]).status !== 0) return 'GDCM cannot convert it'
    }
    const tool = codec === 'jpeg' ? 'dcmj2pnm' : codec === 'jpeg-ls' ? 'dcml2pnm' : 'dcm2pnm'
    const target = join(folder, 'picture.pnm')
    const options = ['--write-raw-pnm', '--no-overlays', '--ignore-aspect', '--frame', String(frameIndex + 1)]
    const { stderr } = spawnSync(tool, [...options, ...windowOptions(object, frameIndex, modality, stored), source, target], {
      encoding: 'utf8',
    })
    if (!existsSync(target)) return stderr.split('\n').find((line) => line.startsWith('E:')) ?? stderr.split('\n')[0]
    return readPnm(readFileSync(target))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * What makes DCMTK show what we show first. Where the modality LUT stands in functional groups, which DCMTK does not
 * read, or its range is a fraction, to which DCMTK adds 1, the window is given in stored values.
 */
function windowOptions(object: DicomObject, frameIndex: number, { description }: Frame, stored: Frame): string[] {
  const attributes = imageAttributes(object)
  if (attributes.samplesPerPixel !== 1 || !description.photometricInterpretation.startsWith('MONO')) return []
  const { windows, voiLuts } = description.presentation
  const lut = modalityLut(object, frameIndex, attributes)
  const inGroups = object.dataSet.has(0x52009229)
  const inStored = lut.kind === 'rescale' && lut.rescale.slope > 0 && (inGroups || !Number.isInteger(lut.rescale.slope))
  const { slope, intercept } = lut.kind === 'rescale' ? lut.rescale : { slope: 1, intercept: 0 }
  const setWindow = (center: number, width: number) => ['--set-window', String(center), String(width)]
  if (windows.length > 0) {
    const { center, width, voiLutFunction } = windows[0]
    const shape = voiLutFunction === 'SIGMOID' ? ['--sigmoid-function'] : []
    if (!inStored || !inGroups) return [...shape, ...setWindow(center, width)]
    return [...shape, '--no-modality', ...setWindow((center - 0.5 - intercept) / slope + 0.5, (width - 1) / slope + 1)]
  }
  if (voiLuts.length > 0) return ['--use-voi-lut', '1']
  const range = ({ min, max }: Frame['description']) => {
    // A frame of one value is shown as part of the range from 0 to it.
    const [low, high] = min === max ? [Math.min(0, min), Math.max(0, max)] : [min, max]
    return setWindow((low + high + 1) / 2, high - low + 1)
  }
  if (inStored || object.dataSet.has(0x3004000e)) return ['--no-modality', ...range(stored.description)]
  return range(description)
}

function readPnm(bytes: Uint8Array): Picture {
  let at = 0
  const word = () => {
    while (bytes[at] <= 32 || bytes[at] === 35) {
      if (bytes[at] === 35) while (bytes[at] !== 10) at++
      at++
    }
    let text = ''
    while (bytes[at] > 32) text += String.fromCharCode(bytes[at++])
    return text
  }
  const form = word()
  const columns = Number(word())
  const rows = Number(word())
  word()
  return { rows, columns, samplesPerPixel: form === 'P6' ? 3 : 1, bytes: bytes.subarray(at + 1) }
}
