/** Where each frame of an object lies, and what its pixel size rests on. PS3.3 C.7.6.2, C.7.6.16, 10.7. */
import type { FrameGeometry } from '../../contracts/dicom-facts'
import { DicomError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DataSet } from './data-set'

type Triple = [number, number, number]
type Six = [number, number, number, number, number, number]
type Pair = [number, number]

/** Projection modalities: there, Pixel Spacing without a word on calibration is the detector's. PS3.3 10.7.1.3. */
const projectionModalities = new Set(['CR', 'DX', 'MG', 'IO', 'PX', 'XA', 'RF', 'RG', 'XC'])

/** (0028,0008); 1 where missing. @throws DicomError 'dicom.limit' */
export function numberOfFrames(dataSet: DataSet): number {
  const stated = dataSet.integer(0x00280008) ?? 1
  if (stated > limits.frames) throw new DicomError('dicom.limit', `(0028,0008) states ${stated} frames, at most ${limits.frames} are read`)
  return Math.max(1, stated)
}

/** The functional group of a frame: its own, else the shared one, else none. PS3.3 C.7.6.16. */
export function functionalGroup(dataSet: DataSet, frameIndex: number, sequence: number): DataSet | null {
  return dataSet.items(0x52009230)[frameIndex]?.items(sequence)[0] ?? dataSet.items(0x52009229)[0]?.items(sequence)[0] ?? null
}

/** The geometry of each frame; one entry where all frames share it. */
export function frameGeometries(dataSet: DataSet, frames: number): FrameGeometry[] {
  const plain = plainGeometry(dataSet)
  if (dataSet.has(0x52009229) || dataSet.has(0x52009230)) {
    return Array.from({ length: frames }, (_, frameIndex) => functionalGeometry(dataSet, plain, frameIndex))
  }
  const steps = frameSteps(dataSet, frames, plain)
  if (!steps || !plain.position || !plain.orientation) return [plain]
  const { position, orientation } = plain
  const normal = crossProduct(orientation)
  return steps.map((step) => ({ ...plain, position: position.map((value, axis) => value + normal[axis] * step) as Triple }))
}

function plainGeometry(dataSet: DataSet): FrameGeometry {
  // Nuclear medicine keeps the plane of its first detector (or of the reconstruction) here. PS3.3 C.8.4.11.
  const detector = dataSet.items(0x00540022)[0]
  const orientation = orientationOf(dataSet) ?? (detector ? orientationOf(detector) : null)
  const position = positionOf(dataSet) ?? (detector ? positionOf(detector) : null)
  return {
    position,
    orientation,
    ...spacingOf(dataSet),
    sliceThicknessMm: positiveNumber(dataSet, 0x00180050),
    pixelAspectRatio: aspectRatioOf(dataSet),
  }
}

function functionalGeometry(dataSet: DataSet, plain: FrameGeometry, frameIndex: number): FrameGeometry {
  const plane = functionalGroup(dataSet, frameIndex, 0x00209113)
  const orientation = functionalGroup(dataSet, frameIndex, 0x00209116)
  const measures = functionalGroup(dataSet, frameIndex, 0x00289110)
  const spacing = measures ? pairOf(measures, 0x00280030) : null
  return {
    position: (plane && positionOf(plane)) ?? plain.position,
    orientation: (orientation && orientationOf(orientation)) ?? plain.orientation,
    pixelSpacing: spacing ?? plain.pixelSpacing,
    spacingOrigin: spacing ? 'patient' : plain.spacingOrigin,
    sliceThicknessMm: (measures && positiveNumber(measures, 0x00180050)) ?? plain.sliceThicknessMm,
    pixelAspectRatio: plain.pixelAspectRatio,
  }
}

/** Distances of the frames from the first along the normal, where a classic multi-frame object states them, mm. */
function frameSteps(dataSet: DataSet, frames: number, plain: FrameGeometry): number[] | null {
  if (frames < 2) return null
  // RT Dose. PS3.3 C.8.8.3.2: offsets from the first plane, or (b) coordinates along the third axis.
  const offsets = dataSet.numbers(0x3004000c)
  if (offsets.length === frames && offsets.every(Number.isFinite)) return offsets.map((offset) => offset - offsets[0])
  // Nuclear medicine, reconstructed. PS3.3 C.8.4.15: slice number by frame, spacing between centres.
  const slices = dataSet.numbers(0x00540080)
  const spacing = dataSet.number(0x00180088)
  if (spacing !== null && slices.length === frames && plain.position) return slices.map((slice) => (slice - 1) * spacing)
  return null
}

function positionOf(dataSet: DataSet): Triple | null {
  const values = dataSet.numbers(0x00200032)
  return values.length === 3 && values.every(Number.isFinite) ? (values as Triple) : null
}

/** Null unless the six numbers are two unit vectors at a right angle, to 1 %: anything else would place pixels wrongly. */
function orientationOf(dataSet: DataSet): Six | null {
  const values = dataSet.numbers(0x00200037)
  if (values.length !== 6 || !values.every(Number.isFinite)) return null
  const [a, b, c, d, e, f] = values
  const row = Math.hypot(a, b, c)
  const column = Math.hypot(d, e, f)
  const lean = a * d + b * e + c * f
  return Math.abs(row - 1) < 0.01 && Math.abs(column - 1) < 0.01 && Math.abs(lean) < 0.01 ? (values as Six) : null
}

function crossProduct([a, b, c, d, e, f]: readonly number[]): Triple {
  return [b * f - c * e, c * d - a * f, a * e - b * d]
}

function spacingOf(dataSet: DataSet): Pick<FrameGeometry, 'pixelSpacing' | 'spacingOrigin'> {
  const spacing = pairOf(dataSet, 0x00280030)
  const atDetector = pairOf(dataSet, 0x00181164)
  if (spacing) {
    const calibrated = dataSet.text(0x00280a02) !== ''
    const same = atDetector !== null && atDetector.every((value, index) => value === spacing[index])
    const projection = projectionModalities.has(dataSet.text(0x00080060))
    // A spacing that differs from the detector's was corrected for magnification. PS3.3 10.7.1.3.
    const origin = calibrated || (atDetector !== null && !same) ? 'calibrated' : same || projection ? 'detector' : 'patient'
    return { pixelSpacing: spacing, spacingOrigin: origin }
  }
  if (atDetector) return { pixelSpacing: atDetector, spacingOrigin: 'detector' }
  const scanned = pairOf(dataSet, 0x00182010)
  if (scanned) return { pixelSpacing: scanned, spacingOrigin: 'scanned' }
  const ultrasound = ultrasoundSpacing(dataSet)
  if (ultrasound) return { pixelSpacing: ultrasound, spacingOrigin: 'ultrasound' }
  return { pixelSpacing: null, spacingOrigin: null }
}

/** The spacing of the ultrasound regions in centimetres, where all of them agree. PS3.3 C.8.5.5. */
function ultrasoundSpacing(dataSet: DataSet): Pair | null {
  let found: Pair | null = null
  for (const region of dataSet.items(0x00186011)) {
    // Units 3: centimetres. Spectra and M-mode have seconds along an axis.
    if (region.integer(0x00186024) !== 3 || region.integer(0x00186026) !== 3) continue
    const betweenColumns = Math.abs(region.number(0x0018602c) ?? 0) * 10
    const betweenRows = Math.abs(region.number(0x0018602e) ?? 0) * 10
    if (!(betweenRows > 0 && betweenColumns > 0)) continue
    if (found && (Math.abs(found[0] - betweenRows) > 1e-6 * betweenRows || Math.abs(found[1] - betweenColumns) > 1e-6 * betweenColumns))
      return null
    found = [betweenRows, betweenColumns]
  }
  return found
}

function pairOf(dataSet: DataSet, tag: number): Pair | null {
  const [first, second] = dataSet.numbers(tag)
  return first > 0 && second > 0 && Number.isFinite(first) && Number.isFinite(second) ? [first, second] : null
}

function aspectRatioOf(dataSet: DataSet): Pair {
  return pairOf(dataSet, 0x00280034) ?? [1, 1]
}

function positiveNumber(dataSet: DataSet, tag: number): number | null {
  const value = dataSet.number(tag)
  return value !== null && value > 0 ? value : null
}
