/** A third kind of overlay: what any of a network's test-time variants finds. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 80,
  name: 'possible-masks',
  // SQLite cannot change a CHECK, so the table is made anew; its rows move as they are.
  sql: `
    CREATE TABLE overlaysOfThreeKinds (
      resultSequence INTEGER NOT NULL REFERENCES results,
      sopInstanceUid TEXT NOT NULL,
      frameIndex INTEGER NOT NULL,
      label TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('heatmap', 'mask', 'possible-mask')),
      rows INTEGER NOT NULL CHECK (rows > 0),
      columns INTEGER NOT NULL CHECK (columns > 0),
      -- Of the deflated file in results/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL,
      PRIMARY KEY (resultSequence, sopInstanceUid, frameIndex, label, kind),
      FOREIGN KEY (resultSequence, sopInstanceUid, frameIndex) REFERENCES resultImages DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    INSERT INTO overlaysOfThreeKinds SELECT * FROM overlays;
    DROP TABLE overlays;
    ALTER TABLE overlaysOfThreeKinds RENAME TO overlays;
    CREATE TRIGGER overlaysRefusesUpdate BEFORE UPDATE ON overlays BEGIN SELECT RAISE(ABORT, 'overlays is append-only'); END;
    CREATE TRIGGER overlaysRefusesDelete BEFORE DELETE ON overlays BEGIN SELECT RAISE(ABORT, 'overlays is append-only'); END;
  `,
}
