/** Real archives in temporary folders, and facts to fill them with. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { openArchive, type Archive, type OpenOptions } from '../../../main/archive/archive'
import { connect, type Connection } from '../../../main/archive/database'
import type { IncomingInstance } from '../../../main/archive/instances'
import { migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { stageFile } from '../../../main/archive/staging'
import type { WorklistQuery } from '../../../main/archive/worklist'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'overread-archive-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function temporaryArchive(options: OpenOptions = {}): Archive {
  const archive = openArchive(join(temporaryFolder(), 'archive'), { reader: 'Reader One', lockTimeoutMs: 50, ...options })
  onTestFinished(() => archive.close())
  return archive
}

/** An in-memory database brought up to this migration. */
export function upgradedTo(number: number): Connection {
  const db = connect(':memory:')
  onTestFinished(() => db.close())
  migrate(
    db,
    null,
    migrations.filter((migration) => migration.number <= number),
  )
  return db
}

export interface FactsOptions {
  readonly study?: string
  readonly series?: string
  readonly instance?: string
  readonly patient?: Partial<InstanceFacts['patient']>
  readonly studyFacts?: Partial<InstanceFacts['study']>
  readonly modality?: string
  readonly frames?: number
}

/** Numbers after the root, so that equal numbers are equal UIDs. */
export function facts({
  study = '1',
  series = '1',
  instance = '1',
  patient = {},
  studyFacts = {},
  modality = 'MR',
  frames = 1,
}: FactsOptions = {}): InstanceFacts {
  return {
    sopInstanceUid: `1.2.3.${study}.${series}.${instance}`,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
    seriesInstanceUid: `1.2.3.${study}.${series}`,
    studyInstanceUid: `1.2.3.${study}`,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    patient: { patientId: '0042', issuer: '', patientName: 'Doe^Jane', birthDate: '19700101', sex: 'F', ...patient },
    study: { date: '20261102', time: '101500', description: 'Head FLAIR', accessionNumber: 'A-7', id: '1', ...studyFacts },
    series: {
      number: Number.parseInt(series, 10),
      modality,
      description: `series ${series}`,
      protocolName: '',
      bodyPart: 'HEAD',
      laterality: '',
      frameOfReferenceUid: '',
      date: '20261102',
    },
    instanceNumber: Number.parseInt(instance, 10),
    acquisitionNumber: null,
    imageType: ['ORIGINAL', 'PRIMARY'],
    viewPosition: '',
    patientPosition: 'HFS',
    patientOrientation: [],
    presentationIntentType: '',
    echoTimeMs: null,
    repetitionTimeMs: null,
    inversionTimeMs: null,
    sequenceName: '',
    image:
      frames === 0
        ? null
        : {
            rows: 4,
            columns: 3,
            numberOfFrames: frames,
            samplesPerPixel: 1,
            photometricInterpretation: 'MONOCHROME2',
            bitsAllocated: 16,
            bitsStored: 12,
            pixelRepresentation: 0,
            lossy: false,
            geometry: [
              {
                position: [0, 0, 0],
                orientation: [1, 0, 0, 0, 1, 0],
                pixelSpacing: [2, 0.5],
                spacingOrigin: 'patient',
                sliceThicknessMm: 5,
                pixelAspectRatio: [1, 1],
              },
            ],
            frameTimeMs: null,
          },
  }
}

/** Stages an object; its content tells its UIDs, and `content` makes it another one. */
export function incoming(archive: Archive, options: FactsOptions = {}, content = ''): IncomingInstance {
  const described = facts(options)
  const bytes = Buffer.from(`${JSON.stringify(described)}${content}`)
  return { ...stageFile(bytes, archive.folder), facts: described, sourceName: 'IM0001' }
}

/** Stores objects and answers the key of the study of the first. */
export function store(archive: Archive, ...objects: FactsOptions[]): number {
  return archive.storeInstances(objects.map((options) => incoming(archive, options)))[0]!.studyKey
}

export const everything: WorklistQuery = {
  search: '',
  sort: 'patientName',
  descending: false,
  modality: null,
  dateFrom: null,
  dateTo: null,
  state: null,
  offset: 0,
  limit: 100,
}

export { finding, imageResult, result } from '../results'
