/** What the archive thread offers: the archive's methods, and what joins them with geometry. */
import { OverreadError } from '../../../contracts/errors'
import type { StudyDetail } from '../../../contracts/worklist'
import { openArchive } from '../../archive/archive'
import { stackOf, studyDetailOf, type OrderedStack } from './series-detail'

export function archiveApi(folder: string, readOnly: boolean) {
  const { folder: _folder, ...archive } = openArchive(folder, { readOnly })
  return {
    ...archive,
    /** A study with every stack of its series in reading order. */
    studyInOrder: (studyKey: number): StudyDetail => studyDetailOf(archive.studyDetail(studyKey)),
    /** One stack of a series in reading order, with each slice's object. */
    stackInOrder(studyKey: number, seriesInstanceUid: string, stack: string): OrderedStack {
      const series = archive.studyDetail(studyKey).series.find((candidate) => candidate.seriesInstanceUid === seriesInstanceUid)
      if (!series) throw new OverreadError('archive.missing', 'series')
      return stackOf(series, stack)
    },
  }
}
export type ArchiveApi = ReturnType<typeof archiveApi>
