/** Header facts against pydicom's. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { InstanceFacts } from '../../contracts/dicom-facts'

export interface OracleFacts {
  readonly [key: string]:
    string | number[] | { position: number[]; orientation: number[]; pixelSpacing: number[]; sliceThickness: number[] }[]
}

/** pydicom's facts by path; a path without an entry is one that pydicom could not read. */
export function oracleHeaders(paths: readonly string[]): Map<string, OracleFacts> {
  const script = fileURLToPath(new URL('../../tests/conformance/header-oracle.py', import.meta.url))
  const { stdout } = spawnSync('/usr/bin/python3', [script], { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30 })
  const facts = new Map<string, OracleFacts>()
  for (const line of stdout.split('\n').filter(Boolean)) {
    const entry = JSON.parse(line) as { path: string; facts?: OracleFacts }
    if (entry.facts) facts.set(entry.path, entry.facts)
  }
  return facts
}

/** Facts that we keep as numbers and pydicom writes as they stand, with leading zeros. */
const numberFacts = new Set(['seriesNumber', 'instanceNumber', 'acquisitionNumber'])

/** The names of facts that differ, with both values. */
export function headerDifferences(ours: InstanceFacts, theirs: OracleFacts): string[] {
  const { patient, study, series, image } = ours
  const texts: Record<string, string> = {
    sopInstanceUid: ours.sopInstanceUid,
    sopClassUid: ours.sopClassUid,
    seriesInstanceUid: ours.seriesInstanceUid,
    studyInstanceUid: ours.studyInstanceUid,
    patientId: patient.patientId,
    issuer: patient.issuer,
    patientName: patient.patientName,
    birthDate: patient.birthDate,
    sex: patient.sex,
    studyDate: study.date,
    studyTime: study.time,
    studyDescription: study.description,
    accessionNumber: study.accessionNumber,
    studyId: study.id,
    seriesNumber: String(series.number ?? ''),
    modality: series.modality,
    seriesDescription: series.description,
    protocolName: series.protocolName,
    frameOfReferenceUid: series.frameOfReferenceUid,
    seriesDate: series.date,
    instanceNumber: String(ours.instanceNumber ?? ''),
    acquisitionNumber: String(ours.acquisitionNumber ?? ''),
    imageType: ours.imageType.join('\\'),
    viewPosition: ours.viewPosition,
    patientPosition: ours.patientPosition,
    patientOrientation: ours.patientOrientation.join('\\'),
    presentationIntentType: ours.presentationIntentType,
  }
  const numbers: Record<string, number[]> = {}
  if (image) {
    texts['photometricInterpretation'] = image.photometricInterpretation
    Object.assign(numbers, {
      // The tiles of a mosaic count as frames; what the file states is the whole.
      rows: [image.mosaic?.rows ?? image.rows],
      columns: [image.mosaic?.columns ?? image.columns],
      bitsAllocated: [image.bitsAllocated],
      bitsStored: [image.bitsStored],
      pixelRepresentation: [image.pixelRepresentation],
      samplesPerPixel: [image.samplesPerPixel],
    })
    if ((theirs['numberOfFrames'] as number[]).length > 0 && !image.mosaic) numbers['numberOfFrames'] = [image.numberOfFrames]
  }
  const differences: string[] = []
  for (const [key, value] of Object.entries(texts)) {
    const expected = plain(theirs[key] as string)
    if (numberFacts.has(key) && expected !== '' && Number(value) === Number(expected)) continue
    if (plain(value) !== expected) differences.push(`${key}: ours ${JSON.stringify(value)}, pydicom ${JSON.stringify(expected)}`)
  }
  for (const [key, value] of Object.entries(numbers)) {
    const expected = theirs[key] as number[]
    if (expected.length > 0 && !same(value, expected)) differences.push(`${key}: ours ${value.join()}, pydicom ${expected.join()}`)
  }
  // Where the tiles of a mosaic lie is compared by the affine.
  if (image && !image.mosaic) differences.push(...geometryDifferences(image, theirs))
  return differences
}

function geometryDifferences(image: NonNullable<InstanceFacts['image']>, theirs: OracleFacts): string[] {
  const differences: string[] = []
  const frames = theirs['geometry'] as { position: number[]; orientation: number[]; pixelSpacing: number[]; sliceThickness: number[] }[]
  frames.forEach((frame, index) => {
    const ours = image.geometry[index] ?? image.geometry[0]
    // Ours is null where the numbers are no plane; that is tested apart.
    if (ours.position && frame.position.length === 3 && !same(ours.position, frame.position) && index < 1)
      differences.push(`position of frame ${index + 1}`)
    if (ours.orientation && !same(ours.orientation, frame.orientation)) differences.push(`orientation of frame ${index + 1}`)
    if (ours.pixelSpacing && frame.pixelSpacing.length === 2 && !same(ours.pixelSpacing, frame.pixelSpacing))
      differences.push(`spacing of frame ${index + 1}`)
    if (ours.sliceThicknessMm !== null && !same([ours.sliceThicknessMm], frame.sliceThickness))
      differences.push(`thickness of frame ${index + 1}`)
    if (!ours.position && frame.position.length === 3) differences.push(`position of frame ${index + 1} is missing`)
    if (!ours.orientation && frame.orientation.length === 6) differences.push(`orientation of frame ${index + 1} is missing`)
  })
  return differences.slice(0, 5)
}

/** pydicom keeps some paddings that we cut; trailing empty name components say nothing. */
function plain(value: string): string {
  return value
    .split('=')
    .map((group) => group.replace(/[\s\0^]+$/, ''))
    .join('=')
    .replace(/=+$/, '')
    .split('\\')
    .map((part) => part.trim())
    .join('\\')
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => Math.abs(value - b[index]) <= 1e-9 * Math.max(1, Math.abs(b[index])))
}
