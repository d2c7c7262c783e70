/** What was done with model packages, and whose signatures the site trusts. Rows are appended; triggers refuse every change. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 120,
  name: 'model-store',
  sql: `
    CREATE TABLE modelEvents (
      -- Rises by one; the newest use of a model is the one in force, never by a clock.
      sequence INTEGER PRIMARY KEY,
      action TEXT NOT NULL CHECK (action IN ('added', 'used', 'removed')),
      modelId TEXT NOT NULL,
      version TEXT NOT NULL,
      -- Null: the version that comes with Overread.
      digest TEXT,
      by TEXT NOT NULL,
      at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE trustedKeys (
      sequence INTEGER PRIMARY KEY,
      publicKey TEXT NOT NULL,
      name TEXT NOT NULL,
      -- The newest row of a key holds.
      trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
      by TEXT NOT NULL,
      at TEXT NOT NULL
    ) STRICT;

    CREATE TRIGGER modelEventsRefusesUpdate BEFORE UPDATE ON modelEvents
      BEGIN SELECT RAISE(ABORT, 'modelEvents is append-only'); END;
    CREATE TRIGGER modelEventsRefusesDelete BEFORE DELETE ON modelEvents
      BEGIN SELECT RAISE(ABORT, 'modelEvents is append-only'); END;
    CREATE TRIGGER trustedKeysRefusesUpdate BEFORE UPDATE ON trustedKeys
      BEGIN SELECT RAISE(ABORT, 'trustedKeys is append-only'); END;
    CREATE TRIGGER trustedKeysRefusesDelete BEFORE DELETE ON trustedKeys
      BEGIN SELECT RAISE(ABORT, 'trustedKeys is append-only'); END;
  `,
}
