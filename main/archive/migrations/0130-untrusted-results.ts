/** Results of packages that no trusted key stands for count as no current ones. */
import type { Migration } from './migration'

/** The states as they are sorted since this step. */
const states = [
  'findings',
  'running',
  'queued',
  'failed',
  'partial',
  'stale',
  'overridden',
  'untrusted',
  'missed',
  'reviewed',
  'agreed',
  'no-finding',
  'refused',
  'not-run',
]

export const migration: Migration = {
  number: 130,
  name: 'untrusted-results',
  sql: `
    -- The views of step 100 that say how a study stands.
    DROP VIEW studyAi;
    DROP VIEW studyAiCounts;
    DROP VIEW resultCaveats;

    -- Why a whole result still counts as no current one.
    CREATE VIEW resultCaveats AS
      SELECT
        result.resultSequence,
        json_extract(result.head, '$.model.version') AS version,
        active.version AS activeVersion,
        active.modelId IS NOT NULL
          AND (active.version <> json_extract(result.head, '$.model.version') OR active.sha256 <> json_extract(result.head, '$.model.sha256'))
          AS stale,
        -- What single pictures showed can add to what the headers did.
        ifnull(json_extract(ending.ending, '$.overridden'), ifnull(json_extract(result.head, '$.overridden'), 0)) AS overridden,
        -- As the site's trust list stood when it was made. Results that are older than signatures say nothing of one.
        ifnull(json_extract(result.head, '$.signature.state'), '') IN ('unsigned', 'unknown-key') AS untrusted,
        -- An outline of normal anatomy has not looked for findings, whether of pictures or of a volume.
        ifnull(json_extract(result.head, '$.hasLabelMaps'), 0) = 0
          AND NOT EXISTS (
            SELECT 1 FROM findings WHERE findings.resultSequence = result.resultSequence AND json_extract(finding, '$.kind') = 'structure')
          AS looked
      FROM results AS result LEFT JOIN resultEnds AS ending USING (resultSequence) LEFT JOIN activeModels AS active USING (modelId);

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
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND stale) AS stale,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND overridden AND anyRead) AS overridden,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND overridden AND findings.above = 1) AS overriddenFindings,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence) JOIN standingDecisions USING (findingKey)
          WHERE result.studyKey = study.studyKey AND NOT stale AND overridden AND findings.above = 1 AND verdict IN ('accepted', 'rejected')) AS overriddenDecided,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND untrusted AND anyRead) AS untrusted,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND untrusted AND findings.above = 1) AS untrustedFindings,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence) JOIN standingDecisions USING (findingKey)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND untrusted AND findings.above = 1 AND verdict IN ('accepted', 'rejected')) AS untrustedDecided,
        (SELECT count(*) FROM standingEntries AS entry WHERE entry.studyKey = study.studyKey AND kind = 'missed') AS missed,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND NOT untrusted AND anyRead AND looked) AS read,
        -- With those very results: what was agreed with an earlier one says nothing of them.
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND NOT untrusted AND anyRead AND looked
            AND EXISTS (SELECT 1 FROM standingEntries AS entry WHERE entry.resultSequence = result.resultSequence AND kind = 'nothing-found')) AS agreed,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT anyRead) AS allRefused,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND NOT untrusted AND findings.above = 1) AS findings,
        (SELECT count(*) FROM currentResults AS result JOIN resultCaveats USING (resultSequence) JOIN findings USING (resultSequence) JOIN standingDecisions USING (findingKey)
          WHERE result.studyKey = study.studyKey AND NOT stale AND NOT overridden AND NOT untrusted AND findings.above = 1 AND verdict IN ('accepted', 'rejected')) AS decided
      FROM studies AS study;

    -- What is open stands before what is done; "no finding" never hides a series that failed, is unfinished or was read by another version.
    CREATE VIEW studyAi AS
      SELECT
        studyKey, aiState, missed AS aiMissed,
        CASE aiState WHEN 'running' THEN runningDone WHEN 'partial' THEN partialDone WHEN 'reviewed' THEN decided
          WHEN 'overridden' THEN overriddenDecided WHEN 'untrusted' THEN untrustedDecided ELSE 0 END AS aiDone,
        CASE aiState WHEN 'running' THEN runningTotal WHEN 'partial' THEN partialTotal WHEN 'reviewed' THEN findings WHEN 'findings' THEN findings
          WHEN 'overridden' THEN overriddenFindings WHEN 'untrusted' THEN untrustedFindings WHEN 'missed' THEN missed ELSE 0 END AS aiTotal
      FROM (
        SELECT *,
          CASE
            WHEN running > 0 THEN 'running'
            WHEN queued > 0 THEN 'queued'
            WHEN findings > decided THEN 'findings'
            WHEN failed > 0 THEN 'failed'
            WHEN partial > 0 THEN 'partial'
            WHEN stale > 0 THEN 'stale'
            WHEN overriddenFindings > overriddenDecided THEN 'overridden'
            WHEN untrustedFindings > untrustedDecided THEN 'untrusted'
            WHEN missed > 0 THEN 'missed'
            WHEN findings > 0 THEN 'reviewed'
            WHEN read > 0 AND agreed = read THEN 'agreed'
            WHEN read > 0 THEN 'no-finding'
            WHEN overridden > 0 THEN 'overridden'
            WHEN untrusted > 0 THEN 'untrusted'
            WHEN refused > 0 OR allRefused > 0 THEN 'refused'
            ELSE 'not-run'
          END AS aiState
        FROM studyAiCounts);

    -- Of a study with a result the state may be another now, and every place in the list is.
    UPDATE studies SET (aiState, aiDone, aiTotal) = (SELECT aiState, aiDone, aiTotal FROM studyAi WHERE studyAi.studyKey = studies.studyKey)
      WHERE studyKey IN (SELECT studyKey FROM results);
    UPDATE studies SET aiRank = CASE aiState ${states.map((state, index) => `WHEN '${state}' THEN ${index + 1}`).join(' ')} END;
  `,
}
