/** What networks said and what readers decided. Rows are appended; triggers refuse every change. */
import type { Migration } from './migration'

const appendOnly = ['results', 'resultImages', 'resultEnds', 'overlays', 'findings', 'decisions']

export const migration: Migration = {
  number: 30,
  name: 'results',
  sql: `
    -- A result begins with this row; pictures follow as they are done, resultEnds closes it.
    CREATE TABLE results (
      -- Rises by one; "newest" is by this, never by a clock.
      resultSequence INTEGER PRIMARY KEY,
      resultId TEXT NOT NULL UNIQUE,
      studyKey INTEGER NOT NULL REFERENCES studies,
      seriesKey INTEGER NOT NULL REFERENCES series,
      modelId TEXT NOT NULL,
      -- What was asked of the whole series, 1, or of pictures of it, 0.
      wholeSeries INTEGER NOT NULL CHECK (wholeSeries IN (0, 1)),
      imagesTotal INTEGER NOT NULL,
      -- Frames the series had then: pictures that arrive later were not analysed.
      seriesFrames INTEGER NOT NULL,
      -- ResultHead as JSON
      head TEXT NOT NULL
    ) STRICT;
    CREATE INDEX resultsByStudy ON results (studyKey, resultSequence);
    CREATE INDEX resultsBySeries ON results (seriesKey, modelId, resultSequence);

    CREATE TABLE resultImages (
      resultSequence INTEGER NOT NULL REFERENCES results,
      sopInstanceUid TEXT NOT NULL REFERENCES instances (sopInstanceUid),
      frameIndex INTEGER NOT NULL CHECK (frameIndex >= 0),
      -- Order of arrival.
      position INTEGER NOT NULL,
      refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
      -- ImageResult as JSON
      image TEXT NOT NULL,
      PRIMARY KEY (resultSequence, sopInstanceUid, frameIndex)
    ) STRICT;

    CREATE TABLE resultEnds (
      resultSequence INTEGER PRIMARY KEY REFERENCES results,
      -- Null: everything asked for was done.
      incompleteCode TEXT,
      -- Pictures of the result, and whether the network read any: kept, so that nothing counts them again.
      imagesDone INTEGER NOT NULL,
      anyRead INTEGER NOT NULL CHECK (anyRead IN (0, 1)),
      -- ResultEnd as JSON
      ending TEXT NOT NULL
    ) STRICT;

    CREATE TABLE overlays (
      resultSequence INTEGER NOT NULL REFERENCES results,
      sopInstanceUid TEXT NOT NULL,
      frameIndex INTEGER NOT NULL,
      label TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('heatmap', 'mask')),
      rows INTEGER NOT NULL CHECK (rows > 0),
      columns INTEGER NOT NULL CHECK (columns > 0),
      -- Of the deflated file in results/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL,
      PRIMARY KEY (resultSequence, sopInstanceUid, frameIndex, label, kind),
      FOREIGN KEY (resultSequence, sopInstanceUid, frameIndex) REFERENCES resultImages DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE findings (
      findingKey INTEGER PRIMARY KEY,
      findingId TEXT NOT NULL UNIQUE,
      resultSequence INTEGER NOT NULL REFERENCES results,
      -- At or above the operating point and no structure: counted and to be decided.
      above INTEGER NOT NULL CHECK (above IN (0, 1)),
      -- Finding as JSON
      finding TEXT NOT NULL
    ) STRICT;
    CREATE INDEX findingsByResult ON findings (resultSequence, findingKey);

    CREATE TABLE decisions (
      -- Rises by one in the archive; order never rests on the clock.
      sequence INTEGER PRIMARY KEY,
      decisionId TEXT NOT NULL UNIQUE,
      findingKey INTEGER NOT NULL REFERENCES findings,
      verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected', 'undecided', 'comment')),
      comment TEXT NOT NULL,
      reader TEXT NOT NULL,
      decidedAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX decisionsByFinding ON decisions (findingKey, sequence);

    -- The last verdict of each finding; a comment changes none.
    CREATE VIEW standingDecisions AS
      SELECT findingKey, sequence, verdict FROM decisions AS decision
      WHERE verdict <> 'comment' AND NOT EXISTS (
        SELECT 1 FROM decisions AS later
        WHERE later.findingKey = decision.findingKey AND later.sequence > decision.sequence AND later.verdict <> 'comment');

    ${appendOnly
      .flatMap((table) =>
        ['UPDATE', 'DELETE'].map(
          (change) =>
            `CREATE TRIGGER ${table}Refuses${change === 'UPDATE' ? 'Update' : 'Delete'} BEFORE ${change} ON ${table}
             BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
        ),
      )
      .join('\n')}
  `,
}
