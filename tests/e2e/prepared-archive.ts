/** An archive with studies of many patients, and results put into it as a network gives them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { AnalysisResult, FrameReference, ModelReference } from '../../contracts/analysis'
import { openArchive, type Archive } from '../../main/archive/archive'
import { overreadJson } from '../integration/cli/overread'
import { headStudy, patientOf } from '../samples/head-studies'
import { repository } from '../shared-data'
import { finding, imageResult, result } from '../unit/results'

export interface PreparedStudy {
  readonly number: number
  readonly studyKey: number
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  /** In reading order, the lowest first. */
  readonly slices: readonly (FrameReference & { readonly sha256: string })[]
}

/** As the package that is installed states itself. */
export function installedModel(modelId: string): ModelReference {
  const { id, version, sha256, title } = JSON.parse(
    readFileSync(join(repository, 'models', modelId, 'model.json'), 'utf8'),
  ) as ModelReference
  return { id, version, sha256, title }
}

/** Imports one study a number: `count` slices of the head phantom from `first`. Then fills the archive by `fill`. */
export async function prepareArchive(
  folder: string,
  studies: readonly { readonly number: number; readonly first: number; readonly count: number }[],
  fill: (archive: Archive, prepared: readonly PreparedStudy[]) => void,
): Promise<PreparedStudy[]> {
  const files = join(dirname(folder), 'files')
  mkdirSync(files)
  for (const { number, first, count } of studies)
    headStudy(number, first, count).forEach((bytes, index) => writeFileSync(join(files, `${number}-${index}.dcm`), bytes))
  const { document } = await overreadJson<{ stored: number }>('import', files, '--archive', folder)
  expect(document.stored).toBe(studies.reduce((sum, { count }) => sum + count, 0))
  const archive = openArchive(folder)
  try {
    const prepared = studies.map(({ number }) => preparedStudy(archive, number))
    fill(archive, prepared)
    return prepared
  } finally {
    archive.close()
  }
}

function preparedStudy(archive: Archive, number: number): PreparedStudy {
  const { rows } = archive.listStudies({
    search: patientOf(number).id,
    sort: 'patientId',
    descending: false,
    modality: null,
    dateFrom: null,
    dateTo: null,
    state: null,
    offset: 0,
    limit: 2,
  })
  expect(rows).toHaveLength(1)
  const [{ studyKey, studyInstanceUid }] = rows
  const [series] = archive.studyDetail(studyKey).series
  const slices = series.instances
    .toSorted((a, b) => (a.facts.instanceNumber ?? 0) - (b.facts.instanceNumber ?? 0))
    .map(({ facts, sha256 }) => ({ sopInstanceUid: facts.sopInstanceUid, frameIndex: 0, sha256 }))
  return { number, studyKey, studyInstanceUid, seriesInstanceUid: series.seriesInstanceUid, slices }
}

/** A result over the first `read` slices of a study, with a finding at each of these slices (from 0). */
export function networkResult(
  study: PreparedStudy,
  findingsAt: readonly number[],
  { read = study.slices.length, ...options }: Partial<AnalysisResult> & { read?: number } = {},
): AnalysisResult {
  const images = study.slices.slice(0, read).map((slice) => ({ ...imageResult('1'), ...slice }))
  const findings = findingsAt.map((at) => {
    const { sopInstanceUid, frameIndex } = study.slices[at]
    const best = { sopInstanceUid, frameIndex }
    return finding({ best, frames: [best], firstSlice: at + 1, lastSlice: at + 1 })
  })
  return result({
    studyInstanceUid: study.studyInstanceUid,
    seriesInstanceUid: study.seriesInstanceUid,
    model: installedModel('brain-flair-abnormality'),
    heatmapKind: 'none',
    hasMasks: false,
    images,
    imagesTotal: study.slices.length,
    findings,
    ...options,
  })
}

/** Reads beside the app. */
export function readBeside<T>(folder: string, read: (archive: Archive) => T): T {
  const archive = openArchive(folder, { readOnly: true })
  try {
    return read(archive)
  } finally {
    archive.close()
  }
}
