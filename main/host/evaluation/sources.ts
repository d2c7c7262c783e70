/** The pictures of an evaluation: from which file each came, whose it is, and what was left out before a network saw it. */
import { createHash } from 'node:crypto'
import type { FrameReference } from '../../../contracts/analysis'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import type { EvaluatedData } from '../../evaluation/evaluation'
import type { LeftOutCounts } from '../../evaluation/left-out'
import type { PictureTable } from '../../evaluation/tables'
import type { LabelledFolder } from './layout'
import type { ReadFactsOutput } from '../tasks/read-facts'

export interface SourcePicture {
  /** Below `images/`. */
  readonly name: string
  readonly facts: InstanceFacts
  /** Of the file in the folder. */
  readonly sha256: string
}

export class SourcePictures {
  readonly #bySop = new Map<string, SourcePicture>()
  readonly #patients = new Map<string, number>()
  readonly #patientsBy = { table: 0, header: 0, series: 0 }
  readonly #truths: string[] = []

  constructor(
    private readonly folder: LabelledFolder,
    private readonly leftOut: LeftOutCounts,
  ) {}

  /** A file that was read; false where it is not to be analysed. */
  admit(name: string, read: ReadFactsOutput, sha256 = read?.sha256 ?? ''): boolean {
    if (!read) this.leftOut.add('file.other')
    else if (this.#bySop.has(read.facts.sopInstanceUid)) this.leftOut.add('file.repeated')
    else if (!read.facts.image) this.leftOut.addError('file.not-an-image', 'file')
    else {
      this.#bySop.set(read.facts.sopInstanceUid, { name, facts: read.facts, sha256 })
      return true
    }
    return false
  }

  of({ sopInstanceUid }: Pick<FrameReference, 'sopInstanceUid'>): SourcePicture {
    return this.#bySop.get(sopInstanceUid)!
  }

  /** What a table says of a picture. */
  rowOf({ key, rows }: PictureTable, { name, facts }: SourcePicture) {
    return rows.get(key === 'file' ? name : facts.sopInstanceUid) ?? null
  }

  /** The number of the picture's patient: by a table, else by the header, else by its series. */
  clusterOf(source: SourcePicture): number {
    const [origin, key] = this.#patientOf(source)
    const known = this.#patients.get(`${origin} ${key}`)
    if (known !== undefined) return known
    this.#patientsBy[origin]++
    this.#patients.set(`${origin} ${key}`, this.#patients.size)
    return this.#patients.size - 1
  }

  /** Notes what a picture was compared with, for the hash of the data. */
  noteTruth(source: SourcePicture, frameIndex: number, label: string, truth: string): void {
    this.#truths.push(`${source.sha256} ${frameIndex} ${label} ${truth}`)
  }

  countUnmatchedRows(): void {
    const sources = [...this.#bySop.values()]
    for (const table of [this.folder.labels, this.folder.cases]) {
      if (!table) continue
      const present = new Set(sources.map(({ name, facts }) => (table.key === 'file' ? name : facts.sopInstanceUid)))
      this.leftOut.add('table.unmatched', [...table.rows.keys()].filter((picture) => !present.has(picture)).length)
    }
  }

  get summary(): Pick<EvaluatedData, 'patients' | 'patientsBy' | 'sha256'> {
    const hash = createHash('sha256')
    for (const line of [...this.#truths].sort()) hash.update(`${line}\n`)
    return { patients: this.#patients.size, patientsBy: { ...this.#patientsBy }, sha256: hash.digest('hex') }
  }

  #patientOf(source: SourcePicture): readonly ['table' | 'header' | 'series', string] {
    const tables = [this.folder.labels, this.folder.cases].filter((table) => table !== null)
    const stated = tables.map((table) => this.rowOf(table, source)?.patient).find((patient) => patient)
    if (stated) return ['table', stated]
    const { patient, seriesInstanceUid } = source.facts
    if (patient.patientId.trim() !== '') return ['header', JSON.stringify([patient.issuer.trim(), patient.patientId.trim()])]
    return ['series', seriesInstanceUid]
  }
}
