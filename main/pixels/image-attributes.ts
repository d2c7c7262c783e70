/** The Image Pixel module of an object, checked. PS3.3 C.7.6.3. */
import { DicomError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DicomObject } from '../dicom/dicom-object'
import { numberOfFrames } from '../dicom/frame-geometry'
import { doublePixelDataTag, floatPixelDataTag } from '../dicom/parse-data-set'

export interface ImageAttributes {
  readonly rows: number
  readonly columns: number
  readonly numberOfFrames: number
  readonly samplesPerPixel: number
  readonly photometricInterpretation: string
  /** 0: colour by pixel; 1: colour by plane. */
  readonly planarConfiguration: number
  readonly bitsAllocated: number
  readonly bitsStored: number
  readonly highBit: number
  readonly signed: boolean
  readonly floating: boolean
}

/** Least and greatest value that the stored bits can hold; not for floating point. PS3.5 8.1.1. */
export function storableRange({ signed, bitsStored }: Pick<ImageAttributes, 'signed' | 'bitsStored'>): [least: number, greatest: number] {
  return signed ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1]
}

const cache = new WeakMap<DicomObject, ImageAttributes>()

/**
 * @throws DicomError 'file.not-an-image' without pixel data, 'dicom.attribute' where an attribute is missing or contradicts, 'pixels.format', 'dicom.limit'
 */
export function imageAttributes(object: DicomObject): ImageAttributes {
  let attributes = cache.get(object)
  if (!attributes) cache.set(object, (attributes = readImageAttributes(object)))
  return attributes
}

function readImageAttributes(object: DicomObject): ImageAttributes {
  const { dataSet, pixelElement } = object
  if (!pixelElement) throw new DicomError('file.not-an-image')
  const integer = (tag: number, name: string): number => {
    const value = dataSet.integer(tag)
    if (value === null) throw new DicomError('dicom.attribute', `${name} is missing`)
    return value
  }
  const rows = integer(0x00280010, '(0028,0010) Rows')
  const columns = integer(0x00280011, '(0028,0011) Columns')
  if (rows < 1 || columns < 1) throw new DicomError('dicom.attribute', `the picture is ${columns} × ${rows} pixels`)
  const samplesPerPixel = dataSet.integer(0x00280002) ?? 1
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw new DicomError('pixels.format', `(0028,0002) states ${samplesPerPixel} samples a pixel`)
  if (rows * columns * samplesPerPixel > limits.frameSamples) {
    throw new DicomError(
      'dicom.limit',
      `the picture is ${columns} × ${rows} × ${samplesPerPixel}, at most ${limits.frameSamples} samples are read`,
    )
  }
  const floating = pixelElement.tag === floatPixelDataTag || pixelElement.tag === doublePixelDataTag
  const bitsAllocated = floating ? (pixelElement.tag === floatPixelDataTag ? 32 : 64) : integer(0x00280100, '(0028,0100) Bits Allocated')
  if (![1, 8, 16, 32].includes(bitsAllocated) && !floating)
    throw new DicomError('pixels.format', `(0028,0100) states ${bitsAllocated} bits allocated`)
  const bitsStored = floating ? bitsAllocated : (dataSet.integer(0x00280101) ?? bitsAllocated)
  if (bitsStored < 1 || bitsStored > bitsAllocated)
    throw new DicomError('dicom.attribute', `(0028,0101) states ${bitsStored} bits of ${bitsAllocated}`)
  const statedHighBit = dataSet.integer(0x00280102) ?? bitsStored - 1
  // A high bit that leaves no room for the stored bits is a slip of the writer; the usual place is taken.
  const highBit = floating || statedHighBit < bitsStored - 1 || statedHighBit >= bitsAllocated ? bitsStored - 1 : statedHighBit
  const photometric = dataSet.text(0x00280004).toUpperCase().replace(/_/g, ' ').trim()
  return {
    rows,
    columns,
    numberOfFrames: numberOfFrames(dataSet),
    samplesPerPixel,
    photometricInterpretation:
      photometricTerms[photometric] ?? (photometric === '' ? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2') : photometric),
    planarConfiguration: dataSet.integer(0x00280006) ?? 0,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: floating || dataSet.integer(0x00280103) === 1,
    floating,
  }
}

/** Defined terms, with blanks for their underscores so that both spellings are found. */
const photometricTerms: Readonly<Record<string, string>> = {
  MONOCHROME1: 'MONOCHROME1',
  MONOCHROME2: 'MONOCHROME2',
  RGB: 'RGB',
  'PALETTE COLOR': 'PALETTE COLOR',
  'YBR FULL': 'YBR_FULL',
  'YBR FULL 422': 'YBR_FULL_422',
  'YBR PARTIAL 422': 'YBR_PARTIAL_422',
  'YBR PARTIAL 420': 'YBR_PARTIAL_420',
  'YBR ICT': 'YBR_ICT',
  'YBR RCT': 'YBR_RCT',
}
