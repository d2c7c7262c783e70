import { expect, test } from 'vitest'
import { pointSettingSchema } from '../../../contracts/operating-points'
import { openArchive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { addPointSetting, listPointSettings } from '../../../main/archive/operating-points'
import { temporaryArchive, upgradedTo } from './fixtures'

const setting = (settingId: string, threshold: number | null, modelId = 'brain') => ({
  settingId,
  modelId,
  modelVersion: '1.0.0',
  modelSha256: 'b'.repeat(64),
  label: 'abnormality',
  threshold,
  name: null,
  packageThreshold: 0.55,
  comment: 'fewer specks',
})

test('settings are kept in order, with reader and time in UTC, model by model', () => {
  const archive = temporaryArchive()
  const first = archive.addPointSetting(setting('one', 0.3))
  archive.addPointSetting(setting('two', 0.4, 'chest'))
  const third = archive.addPointSetting(setting('three', null))
  expect(first).toMatchObject({ sequence: 1, reader: 'Reader One', threshold: 0.3, comment: 'fewer specks' })
  expect(first.setAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(third).toMatchObject({ sequence: 3, threshold: null })
  expect(archive.listPointSettings('brain')).toEqual([first, third])
  expect(pointSettingSchema.safeParse(third).success).toBe(true)
})

test('the same setting twice is one', () => {
  const archive = temporaryArchive()
  expect(archive.addPointSetting(setting('one', 0.3))).toEqual(archive.addPointSetting(setting('one', 0.3)))
  expect(archive.listPointSettings('brain')).toHaveLength(1)
})

test('EXPECTED FAILURE: one id for two settings, and a threshold beyond 1', () => {
  const archive = temporaryArchive()
  archive.addPointSetting(setting('one', 0.3))
  for (const other of [setting('one', 0.4), setting('one', null), { ...setting('one', 0.3), comment: '' }, setting('one', 0.3, 'chest')])
    expect(() => archive.addPointSetting(other)).toThrow(expect.objectContaining({ code: 'request.invalid' }))
  expect(() => archive.addPointSetting(setting('two', 1.5))).toThrow()
  expect(archive.listPointSettings('brain')).toHaveLength(1)
  expect(archive.listPointSettings('chest')).toEqual([])
})

test('order does not rest on the clock', () => {
  const db = upgradedTo(70)
  const set = (settingId: string, year: number) =>
    addPointSetting(db, { ...setting(settingId, 0.3), reader: 'r' }, new Date(Date.UTC(year, 0)))
  expect([set('a', 2030), set('b', 1990), set('c', 2026)].map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  expect(listPointSettings(db, 'brain').map(({ settingId }) => settingId)).toEqual(['a', 'b', 'c'])
})

test('EXPECTED FAILURE: beside an owner nothing is set', () => {
  const { folder } = temporaryArchive()
  const beside = openArchive(folder, { readOnly: true })
  expect(() => beside.addPointSetting(setting('one', 0.3))).toThrow(expect.objectContaining({ code: 'archive.in-use' }))
  expect(beside.listPointSettings('brain')).toEqual([])
  beside.close()
})

test('archive check finds a setting that was taken out', () => {
  const archive = temporaryArchive()
  archive.addPointSetting(setting('one', 0.3))
  archive.addPointSetting(setting('two', 0.4))
  expect(checkArchive(archive.folder).problems).toEqual([])
  const db = connect(layoutOf(archive.folder).database)
  db.exec('DROP TRIGGER operatingPointSettingsRefusesDelete; DELETE FROM operatingPointSettings WHERE sequence = 1')
  db.close()
  expect(checkArchive(archive.folder).problems).toEqual([
    { kind: 'row', where: '2', what: expect.stringContaining('order of operating points') },
  ])
})
