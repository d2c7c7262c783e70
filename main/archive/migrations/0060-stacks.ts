/**
 * Results and jobs of a part of a series: one that holds several kinds of pictures is read and analysed stack by stack.
 * Mosaics are read slice by slice.
 */
import type { Migration } from './migration'

const views = ['studyAi', 'studyAiCounts', 'lastJobs', 'partialResults', 'currentResults', 'resultCover']

export const migration: Migration = {
  number: 60,
  name: 'stacks',
  sql: `
    -- What sets the stack apart in its series; empty: the whole of an undivided one.
    ALTER TABLE results ADD COLUMN stack TEXT NOT NULL DEFAULT '';
    ALTER TABLE jobs ADD COLUMN stack TEXT NOT NULL DEFAULT '';
    -- The facts count the tiles of one picture as frames. Those kept before this step do not.
    ALTER TABLE instances ADD COLUMN tiled INTEGER NOT NULL DEFAULT 0 CHECK (tiled IN (0, 1));

    -- The views of step 50, with the stack beside the series.
    ${views.map((view) => `DROP VIEW ${view};`).join(' ')}

    -- What each result covers. A result is complete when it ended without fault, did all it was asked
    -- to do, was asked for the whole series as it is now, and no picture was added since.
    CREATE VIEW resultCover AS
      SELECT
        result.resultSequence, result.studyKey, result.seriesKey, result.stack, result.modelId,
        ifnull(ending.imagesDone, (SELECT count(*) FROM resultImages AS image WHERE image.resultSequence = result.resultSequence)) AS imagesDone,
        ending.anyRead,
        CASE WHEN result.wholeSeries = 1 AND series.frameCount <= result.seriesFrames THEN result.imagesTotal ELSE series.frameCount END AS imagesTotal,
        ending.resultSequence IS NOT NULL
          AND ending.incompleteCode IS NULL
          AND series.frameCount <= result.seriesFrames
          AND ending.imagesDone >= CASE result.wholeSeries WHEN 1 THEN result.imagesTotal ELSE result.seriesFrames END
          AS complete
      FROM results AS result JOIN series USING (seriesKey) LEFT JOIN resultEnds AS ending USING (resultSequence);

    -- The newest complete result of a stack and model. Only these count. One of an undivided series gives way to any of its stacks.
    CREATE VIEW currentResults AS
      SELECT * FROM resultCover AS cover
      WHERE complete AND NOT EXISTS (
        SELECT 1 FROM resultCover AS later
        WHERE later.seriesKey = cover.seriesKey AND later.modelId = cover.modelId AND (later.stack = cover.stack OR cover.stack = '')
          AND later.resultSequence > cover.resultSequence AND later.complete);

    -- Where a stack and model have no complete result: the newest that holds pictures.
    CREATE VIEW partialResults AS
      SELECT * FROM resultCover AS cover
      WHERE imagesDone > 0 AND NOT EXISTS (
        SELECT 1 FROM resultCover AS other
        WHERE other.seriesKey = cover.seriesKey AND other.modelId = cover.modelId AND (other.stack = cover.stack OR cover.stack = '')
          AND (other.complete OR (other.resultSequence > cover.resultSequence AND other.imagesDone > 0)));

    -- Where a stack and model have no complete result: how the last job ended.
    CREATE VIEW lastJobs AS
      SELECT job.studyKey, job.state FROM jobs AS job
      WHERE NOT EXISTS (
          SELECT 1 FROM jobs AS later
          WHERE later.studyKey = job.studyKey AND later.seriesKey = job.seriesKey AND later.modelId = job.modelId
            AND (later.stack = job.stack OR job.stack = '') AND later.jobSequence > job.jobSequence)
        AND NOT EXISTS (
          SELECT 1 FROM currentResults AS result
          WHERE result.studyKey = job.studyKey AND result.seriesKey = job.seriesKey AND result.modelId = job.modelId
            AND (result.stack = job.stack OR job.stack = '') AND result.anyRead);

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
        (SELECT count(*) FROM currentResults AS result WHERE result.studyKey = study.studyKey AND anyRead
          -- An outline of normal anatomy has not looked for findings.
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
