/** What the archive, the list and the gate need of an object's header. */
import type { ImageFacts, InstanceFacts } from '../../contracts/dicom-facts'
import { DicomError } from '../../contracts/errors'
import type { DataSet } from './data-set'
import { tagText } from './dictionary'
import type { DicomObject } from './dicom-object'
import { frameGeometries, functionalGroup, numberOfFrames } from './frame-geometry'
import { concatenation, diffusionBValue, frameKinds } from './frame-kinds'
import { mosaicLayout } from './siemens-mosaic'

const textLimit = 1024

/**
 * The facts of an object.
 *
 * Text is decoded by the object's character set; person names keep their groups (`=`) and components (`^`).
 * `image` is null where the object holds no pixels or no valid rows and columns.
 *
 * @throws DicomError 'file.identity' where a UID is missing or none, 'dicom.limit'
 */
export function instanceFacts(object: DicomObject): InstanceFacts {
  const { dataSet } = object
  const text = (tag: number) => dataSet.wholeText(tag).slice(0, textLimit)
  const first = (tag: number) => dataSet.text(tag).slice(0, textLimit)
  const list = (tag: number) => dataSet.texts(tag).map((value) => value.slice(0, textLimit))
  return {
    sopInstanceUid: uid(dataSet, 0x00080018),
    sopClassUid: uid(dataSet, 0x00080016),
    seriesInstanceUid: uid(dataSet, 0x0020000e),
    studyInstanceUid: uid(dataSet, 0x0020000d),
    transferSyntaxUid: object.transferSyntax.uid,
    patient: {
      patientId: text(0x00100020),
      issuer: text(0x00100021),
      patientName: personName(dataSet, 0x00100010),
      birthDate: first(0x00100030),
      sex: first(0x00100040),
    },
    study: {
      date: first(0x00080020),
      time: first(0x00080030),
      description: text(0x00081030),
      accessionNumber: text(0x00080050),
      id: text(0x00200010),
      patientAge: first(0x00101010),
    },
    series: {
      number: dataSet.integer(0x00200011),
      modality: first(0x00080060),
      description: text(0x0008103e),
      protocolName: text(0x00181030),
      bodyPart: first(0x00180015) || anatomicRegion(dataSet),
      laterality: first(0x00200060) || first(0x00200062),
      frameOfReferenceUid: first(0x00200052),
      date: first(0x00080021),
    },
    instanceNumber: dataSet.integer(0x00200013),
    acquisitionNumber: dataSet.integer(0x00200012),
    imageType: list(0x00080008),
    viewPosition: first(0x00185101),
    patientPosition: first(0x00185100),
    patientOrientation: list(0x00200020),
    presentationIntentType: first(0x00080068),
    echoTimeMs: timing(dataSet, 0x00180081, 0x00189114, 0x00189082),
    repetitionTimeMs: timing(dataSet, 0x00180080, 0x00189112, 0x00180080),
    inversionTimeMs: timing(dataSet, 0x00180082, 0x00189115, 0x00189079),
    sequenceName: sequenceName(dataSet),
    bValue: diffusionBValue(dataSet),
    temporalPosition: dataSet.integer(0x00200100),
    triggerTimeMs: dataSet.number(0x00181060),
    concatenation: concatenation(dataSet),
    image: imageFacts(object),
  }
}

/** A person name as written, groups and components kept, empty trailing ones left out. PS3.5 6.2.1. */
export function personName(dataSet: DataSet, tag: number): string {
  return (dataSet.wholeText(tag).split('\\')[0] ?? '')
    .split('=')
    .map((group) => group.replace(/[\s^]+$/, ''))
    .join('=')
    .replace(/=+$/, '')
    .trim()
    .slice(0, textLimit)
}

function uid(dataSet: DataSet, tag: number): string {
  const value = dataSet.text(tag)
  if (!/^[0-9A-Za-z._-]{1,64}$/.test(value))
    throw new DicomError('file.identity', value === '' ? `${tagText(tag)} is missing` : `${tagText(tag)} is no UID`)
  return value
}

/** Enhanced objects state the anatomy as a code. PS3.3 10.5. */
function anatomicRegion(dataSet: DataSet): string {
  const region = dataSet.items(0x00082218)[0] ?? functionalGroup(dataSet, 0, 0x00209071)?.items(0x00082218)[0]
  return (region?.wholeText(0x00080104) ?? '').slice(0, textLimit)
}

/** A time of the MR sequence: of the object, or of the first frame's functional group. */
function timing(dataSet: DataSet, plain: number, group: number, inGroup: number): number | null {
  return dataSet.number(plain) ?? functionalGroup(dataSet, 0, group)?.number(inGroup) ?? null
}

/** (0018,0020) Scanning Sequence, (0018,0021) Variant, (0018,0024) Name, (0018,9005) Pulse Sequence Name. */
function sequenceName(dataSet: DataSet): string {
  return [0x00180020, 0x00180021, 0x00180024, 0x00189005]
    .flatMap((tag) => dataSet.texts(tag))
    .filter((value) => value !== '')
    .join(' ')
    .slice(0, textLimit)
}

function imageFacts(object: DicomObject): ImageFacts | null {
  const { dataSet, pixelElement } = object
  if (!pixelElement) return null
  const rows = dataSet.integer(0x00280010) ?? 0
  const columns = dataSet.integer(0x00280011) ?? 0
  const bitsAllocated = dataSet.integer(0x00280100) ?? 0
  if (!(rows > 0 && columns > 0 && bitsAllocated > 0)) return null
  const mosaic = mosaicLayout(object)
  const frames = mosaic?.slices ?? numberOfFrames(dataSet)
  const kinds = frameKinds(dataSet, frames)
  return {
    rows: mosaic?.tileRows ?? rows,
    columns: mosaic?.tileColumns ?? columns,
    numberOfFrames: frames,
    samplesPerPixel: Math.max(1, dataSet.integer(0x00280002) ?? 1),
    photometricInterpretation: dataSet.text(0x00280004).slice(0, textLimit),
    bitsAllocated,
    bitsStored: dataSet.integer(0x00280101) ?? bitsAllocated,
    pixelRepresentation: dataSet.integer(0x00280103) ?? 0,
    lossy: isLossy(object),
    geometry: mosaic ? [...mosaic.geometry] : frameGeometries(dataSet, frames),
    frameTimeMs: frameTime(dataSet),
    ...(kinds ? { frameKinds: kinds } : {}),
    ...(mosaic ? { mosaic: { rows, columns } } : {}),
  }
}

/** (0028,2110), and where it is missing what the transfer syntax allows. PS3.3 C.7.6.1.1.5. */
export function isLossy({ dataSet, transferSyntax }: DicomObject): boolean {
  const stated = dataSet.text(0x00282110)
  return stated === '' ? transferSyntax.lossy : stated === '01'
}

/** Milliseconds a frame: Frame Time, the mean of Frame Time Vector, or a rate. PS3.3 C.7.6.5. */
function frameTime(dataSet: DataSet): number | null {
  const time = dataSet.number(0x00181063)
  if (time !== null && time > 0) return time
  // The first entry belongs to no step between frames.
  const steps = dataSet
    .numbers(0x00181065)
    .slice(1)
    .filter((step) => step > 0)
  if (steps.length > 0) return steps.reduce((sum, step) => sum + step, 0) / steps.length
  const rate = dataSet.number(0x00180040) ?? dataSet.number(0x00082144)
  return rate !== null && rate > 0 ? 1000 / rate : null
}
