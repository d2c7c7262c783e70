/** Operating points that a site sets for itself. Appended, never changed; bound to one version of a model and its weights. */
import { z } from 'zod'
import { sha256Schema } from './analysis'

const threshold = z.number().min(0).max(1)

/** What a reader may choose: the package's own, another one it names, or any threshold. */
export const pointChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('package') }),
  z.strictObject({ kind: z.literal('named'), name: z.string().max(80) }),
  z.strictObject({ kind: z.literal('typed'), threshold }),
])
export type PointChoice = z.infer<typeof pointChoiceSchema>

export const pointSettingSchema = z.strictObject({
  /** Rises by one in an archive; the newest of a model and label is in force, whatever the clock said. */
  sequence: z.int(),
  settingId: z.string().max(64),
  modelId: z.string(),
  modelVersion: z.string(),
  modelSha256: sha256Schema,
  label: z.string(),
  /** Null: back to the package's. */
  threshold: threshold.nullable(),
  /** The package's name for the threshold; null where it was typed. */
  name: z.string().nullable(),
  /** What the package states for the label, so that the history tells from what to what without it. */
  packageThreshold: threshold,
  reader: z.string().max(128),
  /** UTC, ISO 8601 */
  setAt: z.string(),
  comment: z.string().max(4000),
})
export type PointSetting = z.infer<typeof pointSettingSchema>

export interface PointChange {
  readonly setting: PointSetting
  /** The thresholds in force before and after. */
  readonly from: number
  readonly to: number
}

/** From what to what each setting led; what was set for another version or other weights led nowhere here. Oldest first. */
export function changesOf(history: readonly PointSetting[]): PointChange[] {
  const inForce = new Map<string, number>()
  return [...history]
    .sort((a, b) => a.sequence - b.sequence)
    .map((setting) => {
      const key = [setting.modelId, setting.modelVersion, setting.modelSha256, setting.label].join(' ')
      const from = inForce.get(key) ?? setting.packageThreshold
      const to = setting.threshold ?? setting.packageThreshold
      inForce.set(key, to)
      return { setting, from, to }
    })
}

/** A threshold as typed: 0 to 1, with at most four decimals. Null where it is none. */
export function parseThreshold(text: string): number | null {
  if (!/^(?:0|1|[01]?\.\d{1,4})$/.test(text.trim())) return null
  const value = Number(text)
  return value <= 1 ? value : null
}

/** A threshold in as few decimals as tell it from another, two at least: "0.30", "0.326". */
export function thresholdWords(value: number): string {
  for (const decimals of [2, 3]) if (Number(value.toFixed(decimals)) === value) return value.toFixed(decimals)
  return value.toFixed(4)
}
