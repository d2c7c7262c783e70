/** A second opinion on the header: the attributes that place and identify a picture, as dcmdump prints them. */
import { spawnSync } from 'node:child_process'
import type { InstanceFacts } from '../../contracts/dicom-facts'

const tags: Readonly<Record<string, string>> = {
  sopClassUid: '0008,0016',
  sopInstanceUid: '0008,0018',
  studyInstanceUid: '0020,000d',
  seriesInstanceUid: '0020,000e',
  frameOfReferenceUid: '0020,0052',
  modality: '0008,0060',
  patientId: '0010,0020',
  birthDate: '0010,0030',
  sex: '0010,0040',
  studyDate: '0008,0020',
  seriesNumber: '0020,0011',
  instanceNumber: '0020,0013',
  photometricInterpretation: '0028,0004',
  samplesPerPixel: '0028,0002',
  numberOfFrames: '0028,0008',
  rows: '0028,0010',
  columns: '0028,0011',
  bitsAllocated: '0028,0100',
  bitsStored: '0028,0101',
  pixelRepresentation: '0028,0103',
  position: '0020,0032',
  orientation: '0020,0037',
  pixelSpacing: '0028,0030',
}
const uids = new Set(['sopClassUid', 'sopInstanceUid', 'studyInstanceUid', 'seriesInstanceUid', 'frameOfReferenceUid'])
const numeric = new Set(
  Object.keys(tags)
    .slice(Object.keys(tags).indexOf('seriesNumber'))
    .filter((name) => name !== 'photometricInterpretation'),
)

/** The values of the attributes above at the top of the data set; null where dcmdump cannot read the file. */
export function dumpedFacts(path: string): Readonly<Record<string, string>> | null {
  const wanted = Object.values(tags).flatMap((tag) => ['+P', tag])
  const { stdout, status } = spawnSync('dcmdump', ['-q', '+p', '+L', '-Un', ...wanted, path], { encoding: 'latin1', maxBuffer: 1 << 28 })
  if (status !== 0 || stdout.trim() === '') return null
  const byTag = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    // What lies within a sequence stands behind its path.
    const found = /^\(([0-9a-f]{4},[0-9a-f]{4})\) (\w\w|\?\?) (.*?)\s+#\s*\d+, *\d+ /.exec(line)
    // Of what a gateway wrote as UN, dcmdump shows bytes.
    if (found && found[2] !== 'UN')
      byTag.set(found[1], found[3].startsWith('[') ? found[3].slice(1, -1) : found[3].startsWith('(no value') ? '' : found[3])
  }
  return Object.fromEntries(Object.entries(tags).flatMap(([name, tag]) => (byTag.has(tag) ? [[name, byTag.get(tag)!]] : [])))
}

/** The names of facts that differ, with both values. */
export function dumpDifferences(ours: InstanceFacts, theirs: Readonly<Record<string, string>>): string[] {
  const { patient, study, series, image } = ours
  const geometry = image?.geometry[0]
  const classic = geometry !== undefined && image?.numberOfFrames === 1
  const mine: Record<string, string | number | readonly number[] | null | undefined> = {
    ...{ sopClassUid: ours.sopClassUid, sopInstanceUid: ours.sopInstanceUid, studyInstanceUid: ours.studyInstanceUid },
    ...{ seriesInstanceUid: ours.seriesInstanceUid, frameOfReferenceUid: series.frameOfReferenceUid, modality: series.modality },
    ...{ patientId: patient.patientId, birthDate: patient.birthDate, sex: patient.sex, studyDate: study.date },
    ...{ seriesNumber: series.number, instanceNumber: ours.instanceNumber },
    ...(image && {
      ...{ photometricInterpretation: image.photometricInterpretation, samplesPerPixel: image.samplesPerPixel },
      // The tiles of a mosaic count as frames; what the file states is the whole.
      ...(image.mosaic ?? { numberOfFrames: image.numberOfFrames, rows: image.rows, columns: image.columns }),
      ...{ bitsAllocated: image.bitsAllocated, bitsStored: image.bitsStored, pixelRepresentation: image.pixelRepresentation },
    }),
    // Ours are null where the numbers are no plane; that is tested apart. Those of many frames have other sources too.
    ...(classic && { position: geometry.position, orientation: geometry.orientation, pixelSpacing: geometry.pixelSpacing }),
  }
  return Object.entries(theirs).flatMap(([name, value]) => {
    const own = mine[name]
    if (own === null || own === undefined || value.trim() === '') return []
    const same = numeric.has(name)
      ? sameNumbers(typeof own === 'object' ? own : [Number(own)], value)
      : String(own).trim() === (uids.has(name) ? value.replace(/\0/g, '') : latinText(value)).trim()
    return same || (typeof own === 'string' && /[^\x20-\x7e]/.test(own + value)) ? [] : [`${name}: ours ${String(own)}, dcmdump ${value}`]
  })
}

/** The first of several values, as ours are; dcmdump prints control characters as they are. */
function latinText(value: string): string {
  return value.split('\\')[0]
}

function sameNumbers(ours: readonly number[], text: string): boolean {
  const theirs = text.split('\\').map(Number)
  return ours.every((value, index) => Math.abs(value - theirs[index]) <= 1e-9 * Math.max(1, Math.abs(value)))
}
