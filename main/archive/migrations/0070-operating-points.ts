/** Operating points that a site sets for itself. Rows are appended; triggers refuse every change. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 70,
  name: 'operating-points',
  sql: `
    CREATE TABLE operatingPointSettings (
      -- Rises by one; the newest of a model and label is in force, never by a clock.
      sequence INTEGER PRIMARY KEY,
      settingId TEXT NOT NULL UNIQUE,
      modelId TEXT NOT NULL,
      modelVersion TEXT NOT NULL,
      -- A setting holds for this version with these weights alone.
      modelSha256 TEXT NOT NULL,
      label TEXT NOT NULL,
      -- Null: back to the package's.
      threshold REAL CHECK (threshold BETWEEN 0 AND 1),
      -- The package's name for the threshold; null: typed, so nothing was measured there.
      name TEXT,
      -- What the package stated then: the history needs no package to tell from what to what.
      packageThreshold REAL NOT NULL CHECK (packageThreshold BETWEEN 0 AND 1),
      comment TEXT NOT NULL,
      reader TEXT NOT NULL,
      setAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX operatingPointSettingsByModel ON operatingPointSettings (modelId, sequence);

    CREATE TRIGGER operatingPointSettingsRefusesUpdate BEFORE UPDATE ON operatingPointSettings
      BEGIN SELECT RAISE(ABORT, 'operatingPointSettings is append-only'); END;
    CREATE TRIGGER operatingPointSettingsRefusesDelete BEFORE DELETE ON operatingPointSettings
      BEGIN SELECT RAISE(ABORT, 'operatingPointSettings is append-only'); END;
  `,
}
