/** What was done with model packages, and the site's trust list: appended, in order of arrival, never changed. */
import { modelEventSchema, trustEntrySchema, type ModelEvent, type TrustEntry } from '../../contracts/model-store'
import type { ReadableDb, WritableDb } from './database'

export type NewModelEvent = Omit<ModelEvent, 'sequence' | 'at'>
export type NewTrustEntry = Omit<TrustEntry, 'sequence' | 'at'>

interface TrustRow extends Omit<TrustEntry, 'trusted'> {
  readonly trusted: number
}

export function addModelEvents(db: WritableDb, events: readonly NewModelEvent[], now = new Date()): ModelEvent[] {
  return db.transaction(() =>
    events.map((event) => {
      const added = modelEventSchema.parse({ ...event, sequence: nextIn(db, 'modelEvents'), at: now.toISOString() })
      const { sequence, action, modelId, version, digest, by, at } = added
      db.run('INSERT INTO modelEvents (sequence, action, modelId, version, digest, by, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
        sequence,
        action,
        modelId,
        version,
        digest,
        by,
        at,
      ])
      return added
    }),
  )
}

/** Oldest first. */
export function listModelEvents(db: ReadableDb): ModelEvent[] {
  return db.all<ModelEvent>('SELECT sequence, action, modelId, version, digest, by, at FROM modelEvents ORDER BY sequence')
}

export function addTrustEntry(db: WritableDb, entry: NewTrustEntry, now = new Date()): TrustEntry {
  return db.transaction(() => {
    const added = trustEntrySchema.parse({ ...entry, sequence: nextIn(db, 'trustedKeys'), at: now.toISOString() })
    const { sequence, publicKey, name, trusted, by, at } = added
    db.run('INSERT INTO trustedKeys (sequence, publicKey, name, trusted, by, at) VALUES (?, ?, ?, ?, ?, ?)', [
      sequence,
      publicKey,
      name,
      trusted ? 1 : 0,
      by,
      at,
    ])
    return added
  })
}

/** Oldest first. */
export function listTrustEntries(db: ReadableDb): TrustEntry[] {
  return db
    .all<TrustRow>('SELECT sequence, publicKey, name, trusted, by, at FROM trustedKeys ORDER BY sequence')
    .map((row) => ({ ...row, trusted: row.trusted === 1 }))
}

function nextIn(db: WritableDb, table: 'modelEvents' | 'trustedKeys'): number {
  return db.first<{ sequence: number }>(`SELECT ifnull(max(sequence), 0) + 1 AS sequence FROM ${table}`)!.sequence
}
