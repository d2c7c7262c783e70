/** A fourth kind of overlay: the number of a structure at each pixel. A result with label maps has not looked for findings. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 90,
  name: 'label-maps',
  // SQLite cannot change a CHECK, so the table is made anew; its rows move as they are.
  sql: `
    CREATE TABLE overlaysOfFourKinds (
      resultSequence INTEGER NOT NULL REFERENCES results,
      sopInstanceUid TEXT NOT NULL,
      frameIndex INTEGER NOT NULL,
      -- Empty for a label map, which holds every label.
      label TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('heatmap', 'mask', 'possible-mask', 'label-map')),
      rows INTEGER NOT NULL CHECK (rows > 0),
      columns INTEGER NOT NULL CHECK (columns > 0),
      -- Of the deflated file in results/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL,
      PRIMARY KEY (resultSequence, sopInstanceUid, frameIndex, label, kind),
      FOREIGN KEY (resultSequence, sopInstanceUid, frameIndex) REFERENCES resultImages DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    INSERT INTO overlaysOfFourKinds SELECT * FROM overlays;
    DROP TABLE overlays;
    ALTER TABLE overlaysOfFourKinds RENAME TO overlays;
    CREATE TRIGGER overlaysRefusesUpdate BEFORE UPDATE ON overlays BEGIN SELECT RAISE(ABORT, 'overlays is append-only'); END;
    CREATE TRIGGER overlaysRefusesDelete BEFORE DELETE ON overlays BEGIN SELECT RAISE(ABORT, 'overlays is append-only'); END;

    -- The views of step 60 that say whether a network looked for findings, and the one that rests on them.
    DROP VIEW studyAi;
    DROP VIEW studyAiCounts;

    CREATE VIEW studyAiCounts AS
      SELECT
        study.studyKey,
        (SELECT count(*) FROM jobs WHERE jobs.studyKey = study.studyKey AND state = 'running') AS running,
        (SELECT ifnull(sum(imagesDone), 0) FROM jobs WHERE jobs.studyKey = study.studyKey AND state = 'running') AS runningDone,
        (SELECT ifnull(sum(imagesTotal), 0) FROM jobs WHERE jobs.studyKey = study.studyKey AND state = 'running') AS runningTotal,
        (SELECT count(*) FROM jobs WHERE jobs.studyKey = study.studyKey AND state = 'queued') AS queued,
        (SELECT count(*) FROM lastJobs WHERE lastJobs.studyKey = study.studyKey AND state = 'failed') AS failed,
        (SELECT count(*) FROM lastJobs WHERE lastJobs.studyKey = study.studyKey AND state = 'refused') AS refused,
        (SELECT count(*) FROM partialResults AS result WHERE result.studyKey = study.studyKey) AS partial,
        (SELECT ifnull(sum(imagesDone), 0) FROM partialResults AS result WHERE result.studyKey = study.studyKey) AS partialDone,
        (SELECT ifnull(sum(imagesTotal), 0) FROM partialResults AS result WHERE result.studyKey = study.studyKey) AS partialTotal,
        (SELECT count(*) FROM currentResults AS result JOIN results USING (resultSequence) WHERE result.studyKey = study.studyKey AND anyRead
          -- An outline of normal anatomy has not looked for findings, whether of pictures or of a volume.
          AND ifnull(json_extract(results.head, '$.hasLabelMaps'), 0) = 0
          AND NOT EXISTS (SELECT 1 FROM findings WHERE findings.resultSequence = result.resultSequence AND json_extract(finding, '$.kind') = 'structure')) AS read,
        (SELECT count(*) FROM currentResults AS result WHERE result.studyKey = study.studyKey AND NOT anyRead) AS allRefused,
        (SELECT count(*) FROM currentResults AS result JOIN findings USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND findings.above = 1) AS findings,
        (SELECT count(*) FROM currentResults AS result JOIN findings USING (resultSequence) JOIN standingDecisions USING (findingKey)
          WHERE result.studyKey = study.studyKey AND findings.above = 1 AND verdict IN ('accepted', 'rejected')) AS decided
      FROM studies AS study;

    -- What is open stands before what is done; "no finding" never hides a series that failed or is unfinished.
    CREATE VIEW studyAi AS
      SELECT
        studyKey, aiState,
        CASE aiState WHEN 'running' THEN runningDone WHEN 'partial' THEN partialDone WHEN 'reviewed' THEN decided ELSE 0 END AS aiDone,
        CASE aiState WHEN 'running' THEN runningTotal WHEN 'partial' THEN partialTotal WHEN 'reviewed' THEN findings WHEN 'findings' THEN findings ELSE 0 END AS aiTotal
      FROM (
        SELECT *,
          CASE
            WHEN running > 0 THEN 'running'
            WHEN queued > 0 THEN 'queued'
            WHEN findings > decided THEN 'findings'
            WHEN failed > 0 THEN 'failed'
            WHEN partial > 0 THEN 'partial'
            WHEN findings > 0 THEN 'reviewed'
            WHEN read > 0 THEN 'no-finding'
            WHEN refused > 0 OR allRefused > 0 THEN 'refused'
            ELSE 'not-run'
          END AS aiState
        FROM studyAiCounts);
  `,
}
