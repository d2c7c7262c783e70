/** The reasons for the greys of a picture: values, window, inversion, padding. */
import type { Window } from '../../contracts/dicom-facts'
import type { FrameDescription } from '../../contracts/frame'
import type { DicomObject } from '../dicom/dicom-object'
import { functionalGroup } from '../dicom/frame-geometry'
import type { ImageAttributes } from './image-attributes'
import { initialVoi } from './lut/presentation'
import { modalityLut, storedPadding } from './read-luts'
import { number, quoted, reason, type Reason } from './reason'

export function grey(object: DicomObject, attributes: ImageAttributes, frameIndex: number, frame: FrameDescription): (Reason | null)[] {
  return [
    modality(object, attributes, frameIndex, frame),
    window(object, frameIndex, frame),
    ...choices(frame),
    inversion(object, frame),
    padding(object, attributes, frame),
  ]
}

function modality(object: DicomObject, attributes: ImageAttributes, frameIndex: number, { min, max, unit }: FrameDescription): Reason {
  const { dataSet } = object
  const inUnit = unit === '' ? '' : ` ${unit}`
  const range = `This frame holds ${number(min)} to ${number(max)}${inUnit}.`
  const lut = modalityLut(object, frameIndex, attributes)
  if (lut.kind === 'table') {
    const { first, values } = lut.table
    return reason(
      'Values',
      `Stored values go through the Modality LUT: ${values.length} entries from value ${first} on. ${range}`,
      0x00283000,
    )
  }
  const group = functionalGroup(dataSet, frameIndex, 0x00289145)
  const source = group ?? dataSet
  const stated = source.has(0x00281053) || source.has(0x00281052)
  const { slope, intercept } = lut.rescale
  if (!stated && slope !== 1) return reason('Values', `Stored values × ${number(slope)} give the dose. ${range}`, 0x3004000e)
  if (!stated) return reason('Values', `Stored values are taken as they are: neither a rescale nor a Modality LUT is stated. ${range}`)
  const zero = source.number(0x00281053) === 0 ? ' The slope is stated as 0, which would make all pixels equal, and is taken as 1.' : ''
  return reason(
    'Values',
    `Stored value × ${number(slope)} ${intercept < 0 ? '−' : '+'} ${number(Math.abs(intercept))} gives the value${unit === '' ? '' : ` in ${unit}`}.${zero} ${range}`,
    ...(group ? [0x00289145] : []),
    0x00281053,
    0x00281052,
  )
}

function window({ dataSet }: DicomObject, frameIndex: number, frame: FrameDescription): Reason {
  const { presentation } = frame
  const stated = (functionalGroup(dataSet, frameIndex, 0x00289132) ?? dataSet).numbers(0x00281050).length
  const invalid = stated - presentation.windows.length
  const left = invalid > 0 ? ` ${invalid === 1 ? 'One stated window is' : `${invalid} stated windows are`} not valid and left out.` : ''
  const voi = initialVoi(presentation)
  switch (voi.kind) {
    case 'window':
      return reason('Window', `Shown first: the file's window, ${windowWords(voi.window)}.${left}`, 0x00281050, 0x00281051, 0x00281056)
    case 'table':
      return reason('Window', `Shown first: the file's VOI LUT${quoted(presentation.voiLuts[0].explanation)}.${left}`, 0x00283010)
    case 'range':
      return reason(
        'Window',
        `The file states no window: the values of the frame, ${number(frame.min)} to ${number(frame.max)}, are spread from black to white.${left}`,
        ...(invalid > 0 ? [0x00281050, 0x00281051] : []),
      )
  }
}

function choices({ presentation: { windows, voiLuts } }: FrameDescription): Reason[] {
  const reasons: Reason[] = []
  if (windows.length > 1)
    reasons.push(reason('Other windows', `${windows.slice(1).map(windowWords).join('; ')}.`, 0x00281050, 0x00281051, 0x00281055))
  const others = windows.length > 0 ? voiLuts : voiLuts.slice(1)
  if (others.length > 0) {
    const names = others.map(({ values, explanation }) => `VOI LUT${quoted(explanation)} of ${values.length} entries`)
    reasons.push(reason('Other windows', `${names.join('; ')}.`, 0x00283010))
  }
  return reasons
}

function windowWords({ center, width, voiLutFunction, explanation }: Window): string {
  return `centre ${number(center)}, width ${number(width)}, ${voiLutFunction}${quoted(explanation)}`
}

function inversion({ dataSet }: DicomObject, { photometricInterpretation }: FrameDescription): Reason {
  const inverse = dataSet.text(0x20500020).toUpperCase() === 'INVERSE'
  if (photometricInterpretation === 'MONOCHROME1')
    return inverse
      ? reason('Inversion', 'Inverted once: MONOCHROME1 and the shape INVERSE say the same.', 0x00280004, 0x20500020)
      : reason('Inversion', 'Inverted, as MONOCHROME1 asks for.', 0x00280004)
  return inverse
    ? reason('Inversion', 'Inverted, as the shape INVERSE of the presentation asks for.', 0x20500020)
    : reason('Inversion', 'Not inverted.', 0x00280004)
}

function padding(object: DicomObject, attributes: ImageAttributes, { presentation }: FrameDescription): Reason | null {
  const stored = storedPadding(object, attributes)
  if (!stored) return null
  const words = ([low, high]: readonly [number, number]) => (low === high ? number(low) : `${number(low)} to ${number(high)}`)
  const mapped = presentation.padding
  const after = mapped && words(mapped) !== words(stored) ? ` (when mapped ${words(mapped)})` : ''
  return reason(
    'Padding',
    `Stored ${stored[0] === stored[1] ? 'value' : 'values'} ${words(stored)}${after}: padding, shown black and kept out of automatic windows.`,
    ...[0x00280120, 0x00280121, 0x00280122, 0x00280123, 0x00280124, 0x00280125].filter((tag) => object.dataSet.has(tag)),
  )
}
