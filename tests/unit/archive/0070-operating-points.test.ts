import { expect, test } from 'vitest'
import { databaseVersion, migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { upgradedTo } from './fixtures'

const insert = (sequence: number, threshold: string) =>
  `INSERT INTO operatingPointSettings (sequence, settingId, modelId, modelVersion, modelSha256, label, threshold, name, packageThreshold, comment, reader, setAt)
   VALUES (${sequence}, 's${sequence}', 'm', '1.0.0', 'aa', 'spot', ${threshold}, NULL, 0.5, '', 'reader', '')`

test.each(migrations.map(({ number }) => number).filter((number) => number < 70))('a database of step %i takes settings', (number) => {
  const db = upgradedTo(number)
  db.exec(`
    INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '')`)
  migrate(
    db,
    null,
    migrations.filter((migration) => migration.number <= 70),
  )
  expect(databaseVersion(db)).toBe(70)
  db.exec(insert(1, '0.3'))
  expect(db.all('SELECT threshold FROM operatingPointSettings')).toEqual([{ threshold: 0.3 }])
  expect(db.all('SELECT studyInstanceUid FROM studies')).toEqual([{ studyInstanceUid: '1.2' }])
})

test('a setting takes no change and no removal', () => {
  const db = upgradedTo(70)
  db.exec(insert(1, 'NULL'))
  expect(() => db.exec('UPDATE operatingPointSettings SET threshold = 0.1')).toThrow(/append-only/)
  expect(() => db.exec('DELETE FROM operatingPointSettings')).toThrow(/append-only/)
})

test.each(['1.01', '-0.1', `'0.3 or so'`])('EXPECTED FAILURE: %s is no threshold', (threshold) => {
  expect(() => upgradedTo(70).exec(insert(1, threshold))).toThrow(/constraint failed|cannot store/)
})

test('the settings of a model are found by index', () => {
  const plan = upgradedTo(70).all<{ detail: string }>(
    `EXPLAIN QUERY PLAN SELECT * FROM operatingPointSettings WHERE modelId = 'm' ORDER BY sequence`,
  )
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('operatingPointSettingsByModel')])
})
