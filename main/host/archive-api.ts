/** What the archive thread offers: the archive's methods, and what joins them with geometry. */
import { OverreadError } from '../../contracts/errors'
import type { StudyDetail } from '../../contracts/worklist'
import { openArchive } from '../archive/archive'
import { orderedSeries, studyDetailOf, type OrderedSeries } from './series-detail'

export function archiveApi(folder: string, readOnly: boolean) {
  const { folder: _folder, ...archive } = openArchive(folder, { readOnly })
  return {
    ...archive,
    /** A study with every series in reading order. */
    studyInOrder: (studyKey: number): StudyDetail => studyDetailOf(archive.studyDetail(studyKey)),
    /** One series in reading order, with each slice's object. */
    seriesInOrder(studyKey: number, seriesInstanceUid: string): OrderedSeries {
      const series = archive.studyDetail(studyKey).series.find((candidate) => candidate.seriesInstanceUid === seriesInstanceUid)
      if (!series) throw new OverreadError('archive.missing', 'series')
      return orderedSeries(series)
    },
  }
}
export type ArchiveApi = ReturnType<typeof archiveApi>
