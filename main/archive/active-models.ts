/** Which version of each model is installed, as the engine last found it: results by another one count as current no more. */
import { refreshAiState } from './ai-state'
import type { ReadableDb, WritableDb } from './database'

export interface ActiveModel {
  readonly modelId: string
  readonly version: string
  readonly sha256: string
}

/** Answers with the studies whose state may be another now. */
export function setActiveModels(db: WritableDb, models: readonly ActiveModel[]): number[] {
  const known = new Map(listActiveModels(db).map((model) => [model.modelId, model]))
  const changed = new Set<string>()
  for (const { modelId, version, sha256 } of models) {
    const before = known.get(modelId)
    known.delete(modelId)
    if (before?.version !== version || before.sha256 !== sha256) changed.add(modelId)
  }
  for (const modelId of known.keys()) changed.add(modelId)
  if (changed.size === 0) return []
  return db.transaction(() => {
    db.run('DELETE FROM activeModels')
    for (const { modelId, version, sha256 } of models) db.run('INSERT INTO activeModels VALUES (?, ?, ?)', [modelId, version, sha256])
    const studies = db
      .all<{ studyKey: number }>(
        'SELECT DISTINCT studyKey FROM results WHERE modelId IN (SELECT value FROM json_each(?)) ORDER BY studyKey',
        [JSON.stringify([...changed])],
      )
      .map(({ studyKey }) => studyKey)
    for (const studyKey of studies) refreshAiState(db, studyKey)
    return studies
  })
}

export function listActiveModels(db: ReadableDb): ActiveModel[] {
  return db.all<ActiveModel>('SELECT modelId, version, sha256 FROM activeModels ORDER BY modelId')
}
