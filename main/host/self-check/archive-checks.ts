/** Whether the archive's database is whole. Its files are checked by `overread archive check`, which takes longer. */
import { OverreadError } from '../../../contracts/errors'
import { checkRow, passed, type Check } from './check-row'

/** What SQLite finds first, or null. Its own thread answers in the app, as the host opens no database. */
export type AskArchive = () => Promise<string | null> | string | null

/** The folder stays out of the row: it may name a person. */
export function archiveCheck(ask: AskArchive): Check {
  return () =>
    checkRow({ kind: 'archive', name: 'database', provider: null }, async () => {
      const fault = await ask()
      if (fault !== null) throw new OverreadError('archive.damaged', fault)
      return passed('SQLite finds it whole')
    })
}
