/** What will be shown of an object and why, in plain sentences, each with the attributes it rests on. Reads headers; decodes nothing. */
import type { FrameGeometry } from '../../contracts/dicom-facts'
import { adviceFor, OverreadError, type ErrorReport } from '../../contracts/errors'
import type { FrameDescription } from '../../contracts/frame'
import type { DicomObject } from '../dicom/dicom-object'
import { frameGeometries } from '../dicom/frame-geometry'
import { isLossy } from '../dicom/header-facts'
import { mosaicLayout } from '../dicom/siemens-mosaic'
import { transferSyntax } from '../dicom/transfer-syntaxes'
import { grey } from './explain-grey'
import { imageAttributes, type ImageAttributes } from './image-attributes'
import { number, reason, type Reason } from './reason'

/**
 * The reasons for what one frame looks like, from the file to the screen.
 *
 * @param frameIndex from 0
 * @param outcome the frame's description at the stage `modality`, or why it is not shown
 */
export function explainPicture(object: DicomObject, frameIndex: number, outcome: FrameDescription | ErrorReport): Reason[] {
  const frame = 'code' in outcome ? null : outcome
  const reasons: (Reason | null)[] = 'code' in outcome ? [refusal(outcome)] : []
  if (object.pixelElement) {
    const sections: (() => (Reason | null)[])[] = [
      () => [size(object, imageAttributes(object), frameIndex), samples(object, imageAttributes(object))],
      () => [compression(object)],
      () => [colour(imageAttributes(object))],
      () => (frame && isGrey(frame) ? grey(object, imageAttributes(object), frameIndex, frame) : []),
      () => {
        const geometries = frameGeometries(object.dataSet, imageAttributes(object).numberOfFrames)
        const geometry = geometries[frameIndex] ?? geometries[0]
        return [pixelSize(object, geometry), aspectRatio(geometry), plane(object, geometry), mosaic(object)]
      },
      () => [integrity(object, frame), overlays(object)],
    ]
    for (const section of sections) reasons.push(...attempt(section))
  }
  return [...reasons.filter((reason) => reason !== null), ...notApplied(object)]
}

/** What a damaged header cannot answer is left out: the refusal says what is the matter. */
function attempt(section: () => (Reason | null)[]): (Reason | null)[] {
  try {
    return section()
  } catch (error) {
    if (error instanceof OverreadError) return []
    throw error
  }
}

function isGrey({ photometricInterpretation }: FrameDescription): boolean {
  return photometricInterpretation.startsWith('MONOCHROME')
}

function refusal({ code, message }: ErrorReport): Reason {
  const end = message.endsWith('.') ? '' : '.'
  return reason('Not shown', `${message}${end} (${code}) ${adviceFor(code)}`.trim())
}

function size({ dataSet }: DicomObject, { rows, columns, numberOfFrames }: ImageAttributes, frameIndex: number): Reason {
  const frames = numberOfFrames === 1 ? '1 frame' : `${numberOfFrames} frames, of which frame ${frameIndex + 1} is described here`
  const tags = [0x00280010, 0x00280011, ...(dataSet.has(0x00280008) ? [0x00280008] : [])]
  return reason('Size', `${columns} columns × ${rows} rows, ${frames}.`, ...tags)
}

function samples({ pixelElement }: DicomObject, attributes: ImageAttributes): Reason {
  const { bitsAllocated, bitsStored, highBit, signed, floating, samplesPerPixel } = attributes
  if (floating) return reason('Samples', `Numbers with a floating point of ${bitsAllocated} bits.`, pixelElement!.tag)
  const shifted = highBit === bitsStored - 1 ? '' : `, the uppermost of them bit ${highBit}`
  const each = samplesPerPixel === 1 ? 'One sample' : `${samplesPerPixel} samples`
  return reason(
    'Samples',
    `${each} a pixel, ${signed ? 'signed' : 'unsigned'}: bits stored ${bitsStored} of ${bitsAllocated}${shifted}.`,
    ...(samplesPerPixel === 1 ? [] : [0x00280002]),
    0x00280100,
    0x00280101,
    0x00280102,
    0x00280103,
  )
}

function compression({ transferSyntax: found, statedTransferSyntaxUid: stated, pixelElement }: DicomObject): Reason {
  const how = pixelElement!.length < 0 ? `Compressed: ${found.name}.` : `Not compressed: ${found.name}.`
  const lie =
    stated !== '' && stated !== found.uid ? ` Group 0002 says ${transferSyntax(stated).name}; what is found in the file decides.` : ''
  return reason('Encoding', how + lie, 0x00020010)
}

/** By the header; what the code stream of a colour picture says goes before it where both differ. */
function colour({ photometricInterpretation: form, samplesPerPixel, bitsStored, planarConfiguration }: ImageAttributes): Reason {
  const eight = bitsStored > 8 ? ', brought to 8 bits' : ''
  const planes = samplesPerPixel === 3 && planarConfiguration === 1 ? ' The file holds them colour by colour.' : ''
  const sentences: Readonly<Record<string, string>> = {
    MONOCHROME1: 'Grey; the lowest values are white.',
    MONOCHROME2: 'Grey; the lowest values are black.',
    'PALETTE COLOR': 'Each value is an entry of a palette; shown in red, green and blue of 8 bits.',
    RGB: `Red, green and blue, shown as they are${eight}.${planes}`,
    YBR_FULL: `Luminance and two colour differences, converted to red, green and blue${eight}.${planes}`,
    YBR_FULL_422: 'Luminance and colour differences that two pixels share, converted to red, green and blue.',
    YBR_PARTIAL_422: 'Luminance and colour differences of limited range that two pixels share, converted to red, green and blue.',
    YBR_PARTIAL_420: 'Luminance and colour differences of limited range that four pixels share, converted to red, green and blue.',
    YBR_ICT: 'The colour transform of JPEG 2000, undone by its decoder: red, green and blue.',
    YBR_RCT: 'The reversible colour transform of JPEG 2000, undone by its decoder: red, green and blue.',
  }
  const sentence = sentences[form] ?? 'A colour form that Overread does not know.'
  const tags = [0x00280004, ...(planes === '' ? [] : [0x00280006]), ...(form === 'PALETTE COLOR' ? [0x00281101] : [])]
  return reason('Colour', `${form}: ${sentence}`, ...tags)
}

const spacingWords: Readonly<Record<string, string>> = {
  patient: 'in the patient',
  calibrated: 'in the patient, as calibrated',
  detector: 'at the detector, not in the patient: lengths are labelled so',
  scanned: 'on the film that was scanned, not in the patient: lengths are labelled so',
  ultrasound: 'in the patient, by the calibrated regions of the ultrasound picture',
}

function pixelSize({ dataSet }: DicomObject, { pixelSpacing, spacingOrigin }: FrameGeometry): Reason {
  if (!pixelSpacing || !spacingOrigin)
    return reason('Pixel size', 'Not known: what is measured is in pixels, and no scale is shown.', 0x00280030)
  const [betweenRows, betweenColumns] = pixelSpacing
  const inGroup = [0x52009229, 0x52009230].some((tag) => dataSet.has(tag)) && !dataSet.has(0x00280030)
  const tags: Readonly<Record<string, readonly number[]>> = {
    patient: inGroup ? [0x00289110, 0x00280030] : [0x00280030],
    calibrated: [0x00280030, dataSet.has(0x00280a02) ? 0x00280a02 : 0x00181164],
    detector: dataSet.has(0x00280030) ? [0x00280030, 0x00080060] : [0x00181164],
    scanned: [0x00182010],
    ultrasound: [0x00186011],
  }
  const size = `${number(betweenRows)} mm between rows, ${number(betweenColumns)} mm between columns`
  return reason('Pixel size', `${size}, ${spacingWords[spacingOrigin] ?? spacingOrigin}.`, ...(tags[spacingOrigin] ?? []))
}

function aspectRatio({ pixelAspectRatio: [vertical, horizontal], pixelSpacing }: FrameGeometry): Reason | null {
  if (pixelSpacing || vertical === horizontal) return null
  return reason('Pixel shape', `Pixels are drawn ${number(vertical)} high and ${number(horizontal)} wide.`, 0x00280034)
}

function plane({ dataSet }: DicomObject, { position, orientation }: FrameGeometry): Reason {
  if (position && orientation) {
    const place = position.map(number).join(', ')
    return reason(
      'Plane',
      `Known: the first pixel lies at ${place} mm, rows run along ${orientation.slice(0, 3).map(number).join(', ')}, columns along ${orientation.slice(3).map(number).join(', ')}.`,
      0x00200032,
      0x00200037,
    )
  }
  const letters = dataSet.texts(0x00200020).filter((value) => value !== '')
  if (letters.length === 2)
    return reason('Plane', `Not known. Rows run towards ${letters[0]}, columns towards ${letters[1]}, as the file says.`, 0x00200020)
  if (dataSet.has(0x00200037) && !orientation)
    return reason(
      'Plane',
      'Not known: the stated orientation is not two unit vectors at a right angle. No letters of orientation are shown.',
      0x00200037,
    )
  return reason('Plane', 'Not known: no letters of orientation are shown.', 0x00200037)
}

function mosaic(object: DicomObject): Reason | null {
  const layout = mosaicLayout(object)
  return layout && reason('Mosaic', `A picture of ${layout.slices} slices as tiles: each slice is shown by itself.`, 0x00080008)
}

/** What the code stream of the frame says goes before the header. */
function integrity(object: DicomObject, frame: FrameDescription | null): Reason {
  const { dataSet, transferSyntax: syntax } = object
  const stated = dataSet.text(0x00282110)
  const lossy = frame ? frame.integrity === 'lossy' : isLossy(object)
  if (lossy && !isLossy(object)) {
    const against = stated === '' ? 'which the file does not say' : 'though the file says that nothing was lost'
    return reason('Integrity', `Lossy: the code stream is of a kind that loses detail, ${against}.`, 0x00020010, 0x00282110)
  }
  if (!lossy && isLossy(object))
    return reason('Integrity', `Lossless: ${syntax.name} may lose detail, and this code stream cannot have.`, 0x00020010)
  const method = dataSet.texts(0x00282114).join(', ')
  const ratio = dataSet.texts(0x00282112).join(', ')
  const how = [method, ratio && `ratio ${ratio}`].filter(Boolean).join(', ')
  if (lossy)
    return stated === ''
      ? reason('Integrity', `Taken as lossy: ${syntax.name} may lose detail, and the file does not say that it did not.`, 0x00020010)
      : reason('Integrity', `Lossy: the file says that detail was lost${how && ` (${how})`}.`, 0x00282110, 0x00282112, 0x00282114)
  if (stated === '') return reason('Integrity', `Lossless: ${syntax.name} loses nothing, and the file states no loss.`, 0x00020010)
  return reason('Integrity', 'Lossless: the file says that nothing was lost.', 0x00282110)
}

function overlays({ dataSet }: DicomObject): Reason | null {
  const rows = [...dataSet.elements.keys()].filter((tag) => tag >>> 16 >= 0x6000 && tag >>> 16 <= 0x601e && (tag & 0xffff) === 0x0010)
  if (rows.length === 0) return null
  return reason(
    'Overlays',
    `${rows.length === 1 ? 'One overlay plane is' : `${rows.length} overlay planes are`} drawn over the picture.`,
    ...rows,
  )
}

/** What the object holds for its display that Overread notes and does not apply. */
function notApplied({ dataSet }: DicomObject): Reason[] {
  const reasons: Reason[] = []
  const note = (sentence: string, ...tags: number[]) => reasons.push(reason('Not applied', sentence, ...tags))
  if (dataSet.has(0x00282000) || dataSet.items(0x00480105).some((path) => path.has(0x00282000)))
    note('An ICC profile: colours are shown as they are stored.', 0x00282000)
  if (dataSet.has(0x00281101) && dataSet.text(0x00280004).startsWith('MONOCHROME'))
    note('A supplemental palette: the picture is shown in grey.', 0x00281101)
  if (dataSet.has(0x00181600)) note(`A display shutter (${dataSet.texts(0x00181600).join(', ')}): the whole picture is shown.`, 0x00181600)
  return reasons
}
