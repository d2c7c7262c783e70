/** Studies, series, instances, and what was kept out. */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 10,
  name: 'studies',
  sql: `
    CREATE TABLE studies (
      studyKey INTEGER PRIMARY KEY,
      -- Not unique: one UID under two patient identities is two studies.
      studyInstanceUid TEXT NOT NULL,
      patientId TEXT NOT NULL,
      issuer TEXT NOT NULL,
      birthDate TEXT NOT NULL,
      sex TEXT NOT NULL,
      patientName TEXT NOT NULL,
      studyDate TEXT NOT NULL,
      studyTime TEXT NOT NULL,
      description TEXT NOT NULL,
      accessionNumber TEXT NOT NULL,
      studyId TEXT NOT NULL,
      -- Counts are kept with the study: the worklist never counts instances.
      seriesCount INTEGER NOT NULL DEFAULT 0,
      instanceCount INTEGER NOT NULL DEFAULT 0,
      identityConflict INTEGER NOT NULL DEFAULT 0 CHECK (identityConflict IN (0, 1)),
      phantom INTEGER NOT NULL CHECK (phantom IN (0, 1)),
      storedAt TEXT NOT NULL,
      UNIQUE (studyInstanceUid, patientId, issuer, birthDate, sex)
    ) STRICT;

    CREATE TABLE studyModalities (
      studyKey INTEGER NOT NULL REFERENCES studies,
      modality TEXT NOT NULL,
      PRIMARY KEY (studyKey, modality)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX studyModalitiesByModality ON studyModalities (modality, studyKey);

    CREATE TABLE series (
      seriesKey INTEGER PRIMARY KEY,
      studyKey INTEGER NOT NULL REFERENCES studies,
      seriesInstanceUid TEXT NOT NULL,
      number INTEGER,
      modality TEXT NOT NULL,
      description TEXT NOT NULL,
      instanceCount INTEGER NOT NULL DEFAULT 0,
      -- Frames of instances with a picture.
      frameCount INTEGER NOT NULL DEFAULT 0,
      UNIQUE (studyKey, seriesInstanceUid)
    ) STRICT;

    CREATE TABLE instances (
      instanceKey INTEGER PRIMARY KEY,
      seriesKey INTEGER NOT NULL REFERENCES series,
      sopInstanceUid TEXT NOT NULL UNIQUE,
      -- Hexadecimal; also the name of the file in objects/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      -- SHA-256 of each 4 MiB of the file, 32 bytes each.
      chunks BLOB NOT NULL,
      -- 0 where the object holds no picture.
      frames INTEGER NOT NULL CHECK (frames >= 0),
      storedAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX instancesBySeries ON instances (seriesKey);

    -- Apart from instances, whose rows stay narrow.
    CREATE TABLE instanceFacts (
      instanceKey INTEGER PRIMARY KEY REFERENCES instances,
      -- InstanceFacts as JSON
      facts TEXT NOT NULL
    ) STRICT;

    -- Objects kept out: an identifier that is known, with other content.
    CREATE TABLE conflicts (
      conflictKey INTEGER PRIMARY KEY,
      sopInstanceUid TEXT NOT NULL,
      storedSha256 TEXT NOT NULL,
      offeredSha256 TEXT NOT NULL,
      sourceName TEXT NOT NULL,
      seenAt TEXT NOT NULL,
      UNIQUE (sopInstanceUid, offeredSha256)
    ) STRICT;
  `,
}
