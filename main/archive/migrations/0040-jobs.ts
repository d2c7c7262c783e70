/** Work asked for, so that it survives a kill. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 40,
  name: 'jobs',
  sql: `
    CREATE TABLE jobs (
      -- The order in which they were asked for.
      jobSequence INTEGER PRIMARY KEY,
      jobId TEXT NOT NULL UNIQUE,
      -- The window's request: asked twice, it is one.
      requestId TEXT NOT NULL,
      studyKey INTEGER NOT NULL REFERENCES studies,
      seriesKey INTEGER NOT NULL REFERENCES series,
      modelId TEXT NOT NULL,
      -- FrameReference[] as JSON; null: the whole series.
      frames TEXT,
      override INTEGER NOT NULL CHECK (override IN (0, 1)),
      -- The one provider to use; null: the best that serves.
      provider TEXT,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'refused')),
      imagesDone INTEGER NOT NULL,
      imagesTotal INTEGER NOT NULL,
      -- How often it was started.
      attempts INTEGER NOT NULL,
      -- How often the computing process died under it.
      deaths INTEGER NOT NULL,
      errorCode TEXT,
      errorMessage TEXT,
      resultId TEXT,
      step TEXT NOT NULL,
      askedAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX jobsByState ON jobs (state, jobSequence);
    CREATE INDEX jobsByStudy ON jobs (studyKey, seriesKey, modelId, jobSequence);
    CREATE INDEX jobsByRequest ON jobs (requestId);
  `,
}
