/** DICOM objects as Part 10 files. PS3.10 section 7. */
import dcmjs from 'dcmjs'
import { DicomError } from '../../contracts/errors'
import { uidFromText } from './uid'

/**
 * A data set by keyword: text and numbers as they are, several values as an array, a sequence
 * as an array of data sets, bulk data as Uint8Array (its VR in `_vrMap`). `null` writes an empty value.
 */
export interface NaturalDataSet {
  readonly [keyword: string]: NaturalValue | undefined
  readonly _vrMap?: Readonly<Record<string, string>>
}
type NaturalValue =
  null | string | number | Uint8Array | readonly (string | number)[] | readonly NaturalDataSet[] | Readonly<Record<string, string>>

export const explicitLittleEndian = '1.2.840.10008.1.2.1'
const implementationClassUid = uidFromText('overread implementation class')
const implementationVersionName = 'OVERREAD_0'

/** Longest value in characters where it is bounded. PS3.5 Table 6.2-1. */
const longest: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 194,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
}

/**
 * A file with preamble, meta group and data set, in explicit little endian. Text is written as UTF-8
 * (ISO_IR 192) and the character set stated.
 *
 * @throws DicomError 'dicom.attribute' for a keyword that the dictionary lacks, or a value longer than its VR
 * allows: dcmjs would drop the one and cut the other. Both identifiers, (0008,0016) and (0008,0018), are needed.
 */
export function writeDicom(dataSet: NaturalDataSet): Uint8Array<ArrayBuffer> {
  const { SOPClassUID, SOPInstanceUID } = dataSet
  if (typeof SOPClassUID !== 'string' || typeof SOPInstanceUID !== 'string')
    throw new DicomError('dicom.attribute', 'SOPClassUID and SOPInstanceUID')
  const { DicomDict, DicomMetaDictionary } = dcmjs.data
  const complete = { SpecificCharacterSet: 'ISO_IR 192', ...dataSet }
  check(complete)
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: SOPClassUID,
      MediaStorageSOPInstanceUID: SOPInstanceUID,
      TransferSyntaxUID: explicitLittleEndian,
      ImplementationClassUID: implementationClassUid,
      ImplementationVersionName: implementationVersionName,
    }),
  )
  file.dict = DicomMetaDictionary.denaturalizeDataset(prepare(complete))
  return new Uint8Array(file.write())
}

function check(dataSet: NaturalDataSet): void {
  const { nameMap } = dcmjs.data.DicomMetaDictionary
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (keyword === '_vrMap' || value === undefined || value === null) continue
    const entry = nameMap[keyword]
    if (!entry) throw new DicomError('dicom.attribute', `unknown keyword ${keyword}`)
    const limit = longest[entry.vr]
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (item === undefined) throw new DicomError('dicom.attribute', `undefined value in ${keyword}`)
      if (entry.vr === 'SQ') check(item as NaturalDataSet)
      else if (limit !== undefined && String(item).length > limit)
        throw new DicomError('dicom.attribute', `${keyword} is longer than ${limit} characters`)
    }
  }
}

/** dcmjs takes bulk data as ArrayBuffer. */
function prepare(dataSet: NaturalDataSet): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(dataSet).map(([keyword, value]) => {
      if (value instanceof Uint8Array) return [keyword, value.slice().buffer]
      if (Array.isArray(value)) {
        return [keyword, value.map((item: unknown) => (typeof item === 'object' && item !== null ? prepare(item as NaturalDataSet) : item))]
      }
      return [keyword, value]
    }),
  )
}
