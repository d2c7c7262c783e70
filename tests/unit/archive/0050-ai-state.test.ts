import { expect, test } from 'vitest'
import { migrate } from '../../../main/archive/migrate'
import { pageQuery } from '../../../main/archive/worklist'
import { everything, upgradedTo } from './fixtures'

test('studies stored before have the state not-run', () => {
  const db = upgradedTo(40)
  db.exec(`INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, storedAt)
      VALUES ('1.2', '', '', '', '', '', '', '', '', '', '', 0, '')`)
  migrate(db, null)
  expect(db.all('SELECT aiState, aiDone, aiTotal FROM studies')).toEqual([{ aiState: 'not-run', aiDone: 0, aiTotal: 0 }])
  expect(db.all('SELECT studyKey, aiState, aiDone, aiTotal FROM studyAi')).toEqual([
    { studyKey: 1, aiState: 'not-run', aiDone: 0, aiTotal: 0 },
  ])
})

test('the state of one study is derived from its own rows, by index', () => {
  const db = upgradedTo(50)
  const plan = db.all<{ detail: string }>('EXPLAIN QUERY PLAN SELECT * FROM studyAi WHERE studyKey = 1').map((row) => row.detail)
  const scans = plan.filter((line) => /^SCAN (?!\(subquery|CONSTANT)/.test(line))
  expect(scans).toEqual([])
})

test('a page by AI state comes from its index', () => {
  const db = upgradedTo(50)
  const { sql, parameters } = pageQuery({ ...everything, sort: 'aiState' })
  const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters).map((row) => row.detail)
  expect(plan.join('\n')).toContain('studiesByAiState')
  expect(plan.join('\n')).not.toContain('TEMP B-TREE')
})
