import { expect, test } from 'vitest'
import { migrations } from '../../../main/archive/migrations/index'
import { databaseVersion, migrate } from '../../../main/archive/migrate'
import { addModelEvents, addTrustEntry, listModelEvents, listTrustEntries } from '../../../main/archive/model-store'
import { upgradedTo } from './fixtures'

const digest = 'a'.repeat(64)
const publicKey = `${'A'.repeat(43)}=`

test.each(migrations.map(({ number }) => number).filter((number) => number < 120))(
  'a database of step %i takes what is done with packages',
  (number) => {
    const db = upgradedTo(number)
    db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '')`)
    migrate(
      db,
      null,
      migrations.filter((migration) => migration.number <= 120),
    )
    expect(databaseVersion(db)).toBe(120)
    addModelEvents(db, [{ action: 'added', modelId: 'tiny', version: '1.0.0', digest, by: 'reader' }])
    expect(listModelEvents(db)).toMatchObject([{ sequence: 1, action: 'added', digest }])
    expect(db.all('SELECT studyInstanceUid FROM studies')).toEqual([{ studyInstanceUid: '1.2' }])
  },
)

test('events and keys are listed in the order of arrival, whatever the clock says', () => {
  const db = upgradedTo(120)
  const event = (version: string) => ({ action: 'used' as const, modelId: 'tiny', version, digest: null, by: 'reader' })
  addModelEvents(db, [event('2.0.0'), event('1.0.0')], new Date('2026-03-01'))
  addModelEvents(db, [event('3.0.0')], new Date('2026-02-01'))
  expect(listModelEvents(db).map(({ sequence, version }) => [sequence, version])).toEqual([
    [1, '2.0.0'],
    [2, '1.0.0'],
    [3, '3.0.0'],
  ])
  addTrustEntry(db, { publicKey, name: 'Laboratory', trusted: true, by: 'reader' }, new Date('2026-03-01'))
  addTrustEntry(db, { publicKey, name: 'Laboratory', trusted: false, by: 'reader' }, new Date('2026-02-01'))
  expect(listTrustEntries(db).map(({ sequence, trusted }) => [sequence, trusted])).toEqual([
    [1, true],
    [2, false],
  ])
})

test.each(['modelEvents', 'trustedKeys'])('%s takes no change and no removal', (table) => {
  const db = upgradedTo(120)
  addModelEvents(db, [{ action: 'added', modelId: 'tiny', version: '1.0.0', digest, by: '' }])
  addTrustEntry(db, { publicKey, name: 'Laboratory', trusted: true, by: '' })
  expect(() => db.exec(`UPDATE ${table} SET by = 'other'`)).toThrow(/append-only/)
  expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
})
