/** Folded texts, by which the worklist searches and sorts without regard to case and accents. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 20,
  name: 'search',
  sql: `
    -- Texts are folded by fold() in search.ts. Narrow, so that a search reads little.
    CREATE TABLE studySearch (
      studyKey INTEGER PRIMARY KEY REFERENCES studies,
      -- Names, id, description, accession number and date, between blanks.
      text TEXT NOT NULL,
      patientName TEXT NOT NULL,
      patientId TEXT NOT NULL,
      description TEXT NOT NULL,
      modalities TEXT NOT NULL,
      -- YYYYMMDD, whatever form the object used.
      studyDate TEXT NOT NULL,
      studyTime TEXT NOT NULL
    ) STRICT;
    CREATE INDEX studySearchByName ON studySearch (patientName, studyKey);
    CREATE INDEX studySearchById ON studySearch (patientId, studyKey);
    CREATE INDEX studySearchByDate ON studySearch (studyDate, studyTime, studyKey);
    CREATE INDEX studySearchByDescription ON studySearch (description, studyKey);
    CREATE INDEX studySearchByModalities ON studySearch (modalities, studyKey);
    CREATE INDEX studiesByInstances ON studies (instanceCount, studyKey);
  `,
}
