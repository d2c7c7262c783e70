/** One frame at one stage: stored → modality → display values. */
import { DicomError } from '../../contracts/errors'
import type { Frame, FrameDescription, FrameStage, Presentation, Samples, SampleType } from '../../contracts/frame'
import type { DicomObject } from '../dicom/dicom-object'
import { isLossy } from '../dicom/header-facts'
import { frameExtras } from './frame-notes'
import { rgbFromPalette, rgbFromYbrFull, rgbFromYbrPartial, toEightBits, toFractions } from './lut/colour'
import { applyModalityLut, modalityRange, modalityValue, type ModalityLut } from './lut/modality'
import { displayGrey, initialVoi } from './lut/presentation'
import { sampleRange } from './lut/sample-range'
import { frameVoiLuts, frameWindows, modalityLut, readPalette, storedPadding } from './read-luts'
import { storableRange, type ImageAttributes } from './image-attributes'
import { storedFrame, type StoredFrame, type WhenRead } from './stored-frame'

export { warmCodecs } from './stored-frame'

/**
 * Decodes one frame.
 *
 * - `stored`: as in the file, interleaved by pixel; colour in the form that the decoder leaves.
 * - `modality`: grey through the modality LUT (Uint8, Uint16, Int16 or Float32, never rounded); colour as RGB of 8 bits.
 * - `display`: 8 bits, grey through the file's first window, else its VOI LUT, else its whole range; inverted where the file says so, padding black.
 *
 * @param frameIndex from 0
 * @throws DicomError 'pixels.transfer-syntax', 'pixels.code-stream', 'pixels.size', 'pixels.format', 'pixels.photometric',
 *   'pixels.frame', 'dicom.attribute', 'dicom.limit', 'file.not-an-image', 'file.damaged'
 */
export async function decodeFrame(object: DicomObject, frameIndex: number, stage: FrameStage, whenRead?: WhenRead): Promise<Frame> {
  const stored = await storedFrame(object, frameIndex, whenRead)
  if (stage === 'stored') {
    const range = stored.range ?? sampleRange(stored.samples)
    return describe(object, frameIndex, stored, stored.samples, range, stored.photometricInterpretation, plainPresentation)
  }
  if (!stored.photometricInterpretation.startsWith('MONOCHROME')) {
    const rgb = toRgb(object, stored)
    return describe(object, frameIndex, stored, rgb, sampleRange(rgb), 'RGB', plainPresentation)
  }
  // Three samples a pixel and grey contradict each other: neither is to be preferred.
  if (stored.attributes.samplesPerPixel !== 1)
    throw new DicomError(
      'pixels.photometric',
      `${stored.photometricInterpretation} with ${stored.attributes.samplesPerPixel} samples a pixel`,
    )
  const lut = modalityLut(object, frameIndex, stored.attributes)
  const storedRange = stored.range ?? sampleRange(stored.samples)
  const modality = applyModalityLut(stored.samples, lut, storedRange, true)
  const presentation = presentationOf(object, frameIndex, stored, lut, modality instanceof Float32Array)
  const range =
    (presentation.padding ? null : modalityRange(stored.samples, lut, storedRange, modality)) ?? sampleRange(modality, presentation.padding)
  if (stage === 'modality') return describe(object, frameIndex, stored, modality, range, stored.photometricInterpretation, presentation)
  const display = displayGrey(modality, initialVoi(presentation), range, presentation.inverted, presentation.padding)
  return describe(object, frameIndex, stored, display, sampleRange(display), 'MONOCHROME2', plainPresentation)
}

const plainPresentation: Presentation = { windows: [], voiLuts: [], inverted: false, padding: null }

function presentationOf(
  object: DicomObject,
  frameIndex: number,
  { attributes, photometricInterpretation }: StoredFrame,
  lut: ModalityLut,
  floating: boolean,
): Presentation {
  const shape = object.dataSet.text(0x20500020).toUpperCase()
  return {
    windows: frameWindows(object, frameIndex),
    voiLuts: frameVoiLuts(object, frameIndex, canBeNegative(lut, attributes)),
    // MONOCHROME1 goes with the shape INVERSE and says the same: inverted once. PS3.3 C.8.11.3.1.2, C.11.6.1.2.
    inverted: photometricInterpretation === 'MONOCHROME1' || shape === 'INVERSE',
    padding: modalityPadding(storedPadding(object, attributes), lut, floating),
  }
}

/** Whether the modality LUT can give values below zero, which makes the first value of a VOI LUT a signed one. PS3.3 C.11.2.1.1. */
function canBeNegative(lut: ModalityLut, attributes: ImageAttributes): boolean {
  if (lut.kind === 'table') return false
  if (attributes.floating) return true
  const [low, high] = storableRange(attributes)
  return Math.min(modalityValue(lut, low), modalityValue(lut, high)) < 0
}

/** The padding as modality values, rounded as those are; null where a table gives its value to other pixels too, which must not vanish. */
function modalityPadding(padding: readonly [number, number] | null, lut: ModalityLut, floating: boolean): [number, number] | null {
  if (!padding) return null
  const ends = padding.map((value) => (floating ? Math.fround(modalityValue(lut, value)) : modalityValue(lut, value)))
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  if (lut.kind === 'table') {
    const { first, values } = lut.table
    const shared = values.some(
      (value, index) => value >= low && value <= high && (first + index < padding[0] || first + index > padding[1]),
    )
    if (shared) return null
  }
  return [low, high]
}

/** @throws DicomError 'pixels.photometric' */
function toRgb(object: DicomObject, { attributes, samples, photometricInterpretation }: StoredFrame): Uint8Array<ArrayBuffer> {
  if (photometricInterpretation === 'PALETTE COLOR' && attributes.samplesPerPixel === 1)
    return rgbFromPalette(samples, readPalette(object, attributes))
  if (attributes.samplesPerPixel === 3) {
    const { bitsStored } = attributes
    switch (photometricInterpretation) {
      case 'RGB':
        return toEightBits(samples, bitsStored)
      case 'YBR_FULL':
        return rgbFromYbrFull(toFractions(samples, bitsStored), bitsStored)
      case 'YBR_PARTIAL_422':
      case 'YBR_PARTIAL_420':
        return rgbFromYbrPartial(toEightBits(samples, bitsStored))
    }
  }
  throw new DicomError('pixels.photometric', `${photometricInterpretation} with ${attributes.samplesPerPixel} samples a pixel`)
}

function describe(
  object: DicomObject,
  frameIndex: number,
  stored: StoredFrame,
  samples: Samples,
  [min, max]: readonly [number, number],
  photometricInterpretation: string,
  presentation: Presentation,
): Frame {
  const { rows, columns } = stored.attributes
  const description: FrameDescription = {
    rows,
    columns,
    samplesPerPixel: (samples.length / (rows * columns)) as 1 | 3,
    type: sampleTypeOf(samples),
    min,
    max,
    photometricInterpretation,
    transferSyntaxUid: object.transferSyntax.uid,
    unit: unitOf(object),
    presentation,
    integrity: isFrameLossy(object, stored) ? 'lossy' : 'lossless',
    ...frameExtras(object, frameIndex, samples.length > rows * columns),
  }
  return { description, samples }
}

/**
 * What the code stream says counts whatever the header does: with a DCT, a 9/7 wavelet or a NEAR above 0 it is lossy. Where the
 * header says nothing, a stream that cannot have lost anything is lossless, in a syntax that may lose too; one that
 * cannot tell is what its syntax allows. A header's 01 stands: the picture was compressed before. PS3.3 C.7.6.1.1.5.
 */
function isFrameLossy(object: DicomObject, { lossy }: StoredFrame): boolean {
  if (lossy === true) return true
  return lossy === false && object.dataSet.text(0x00282110) === '' ? false : isLossy(object)
}

function sampleTypeOf(samples: Samples): SampleType {
  return samples.constructor.name.replace(/Array$/, '').toLowerCase() as SampleType
}

/** (0028,1054) Rescale Type, (0054,1001) Units, dose units, and HU for CT, whose values are that unless it says otherwise. PS3.3 C.11.1.1.2. */
function unitOf({ dataSet }: DicomObject): string {
  const stated = dataSet.text(0x00281054) || dataSet.text(0x00541001) || (dataSet.has(0x3004000e) ? dataSet.text(0x30040002) : '')
  // `US` stands for "unspecified"; some writers say in words that there is none.
  if (stated !== '' && stated !== 'US' && !/unitless|unspecified/i.test(stated)) return stated.slice(0, 64)
  return dataSet.text(0x00080060) === 'CT' && !dataSet.texts(0x00080008).includes('LOCALIZER') && dataSet.has(0x00281052) ? 'HU' : ''
}
