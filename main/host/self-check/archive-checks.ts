/** Whether the archive's database is whole. Its files are checked by `overread archive check`, which takes longer. */
import { OverreadError } from '../../../contracts/errors'
import { quickCheck } from '../../archive/quick-check'
import { checkRow, passed, type Check } from './check-row'

/** The folder stays out of the row: it may name a person. */
export function archiveCheck(folder: string): Check {
  return () =>
    checkRow({ kind: 'archive', name: 'database', provider: null }, () => {
      const fault = quickCheck(folder)
      if (fault !== null) throw new OverreadError('archive.damaged', fault)
      return passed('SQLite finds it whole')
    })
}
