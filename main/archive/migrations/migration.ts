/** One step of the database's form. A shipped one is never edited; its number is `PRAGMA user_version`. */
export interface Migration {
  /** Rises, with gaps of ten. */
  readonly number: number
  readonly name: string
  readonly sql: string
  /** It makes a table anew that others refer to: references are not followed while it runs, and all are checked before it counts. */
  readonly rebuildsReferenced?: boolean
}
