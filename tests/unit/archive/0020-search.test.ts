import { expect, test } from 'vitest'
import type { WorklistColumn } from '../../../contracts/worklist'
import { pageQuery } from '../../../main/archive/worklist'
import { everything, upgradedTo } from './fixtures'

test.each<[WorklistColumn, string]>([
  ['patientName', 'studySearchByName'],
  ['patientId', 'studySearchById'],
  ['studyDate', 'studySearchByDate'],
  ['description', 'studySearchByDescription'],
  ['modalities', 'studySearchByModalities'],
  ['instances', 'studiesByInstances'],
])('a page by %s comes from %s, without sorting', (sort, index) => {
  const db = upgradedTo(20)
  for (const descending of [false, true]) {
    const { sql, parameters } = pageQuery({ ...everything, sort, descending })
    const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters).map((row) => row.detail)
    expect(plan.join('\n')).toContain(index)
    expect(plan.join('\n')).not.toContain('TEMP B-TREE')
  }
})
