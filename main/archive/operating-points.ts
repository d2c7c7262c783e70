/** Operating points that a site has set: appended, in order of arrival, never changed. */
import { pointSettingSchema, type PointSetting } from '../../contracts/operating-points'
import { OverreadError } from '../../contracts/errors'
import type { ReadableDb, WritableDb } from './database'

export type NewPointSetting = Omit<PointSetting, 'sequence' | 'setAt'>

const columns = [
  'settingId',
  'modelId',
  'modelVersion',
  'modelSha256',
  'label',
  'threshold',
  'name',
  'packageThreshold',
  'reader',
  'comment',
] as const
const select = `SELECT sequence, ${columns.join(', ')}, setAt FROM operatingPointSettings`

/**
 * Appends a setting. The same `settingId` twice is one, so a window may repeat a request whose answer it lost.
 *
 * @throws OverreadError 'request.invalid' when the id already stands for another setting.
 */
export function addPointSetting(db: WritableDb, setting: NewPointSetting, now = new Date()): PointSetting {
  return db.transaction(() => {
    const known = db.first<PointSetting>(`${select} WHERE settingId = ?`, [setting.settingId])
    if (known) {
      if (columns.some((column) => known[column] !== setting[column]))
        throw new OverreadError('request.invalid', 'the id stands for another setting')
      return known
    }
    const { sequence } = db.first<{ sequence: number }>('SELECT ifnull(max(sequence), 0) + 1 AS sequence FROM operatingPointSettings')!
    const added = pointSettingSchema.parse({ ...setting, sequence, setAt: now.toISOString() })
    db.run(
      `INSERT INTO operatingPointSettings (sequence, ${columns.join(', ')}, setAt) VALUES (?, ${columns.map(() => '?').join(', ')}, ?)`,
      [sequence, ...columns.map((column) => added[column]), added.setAt],
    )
    return added
  })
}

/** Every setting of any version of a model, in the order they were made. */
export function listPointSettings(db: ReadableDb, modelId: string): PointSetting[] {
  return db.all<PointSetting>(`${select} WHERE modelId = ? ORDER BY sequence`, [modelId])
}
