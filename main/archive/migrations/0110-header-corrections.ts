/**
 * Corrected headers of known pixels, with what stood before; and one SOP Instance UID in two studies, as a study under
 * another patient identity holds the same identifiers.
 */
import type { Migration } from './migration'

export const migration: Migration = {
  number: 110,
  name: 'header-corrections',
  rebuildsReferenced: true,
  // SQLite cannot take a UNIQUE from a column, so the table is made anew, and with it the one that rests on that UNIQUE.
  sql: `
    CREATE TABLE formerInstances AS SELECT * FROM instances;
    DROP TABLE instances;
    CREATE TABLE instances (
      instanceKey INTEGER PRIMARY KEY,
      -- That of its series: within a study an identifier stands once.
      studyKey INTEGER NOT NULL REFERENCES studies,
      seriesKey INTEGER NOT NULL REFERENCES series,
      sopInstanceUid TEXT NOT NULL,
      -- Hexadecimal; also the name of the file in objects/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      -- SHA-256 of each 4 MiB of the file, 32 bytes each.
      chunks BLOB NOT NULL,
      -- 0 where the object holds no picture.
      frames INTEGER NOT NULL CHECK (frames >= 0),
      storedAt TEXT NOT NULL,
      tiled INTEGER NOT NULL DEFAULT 0 CHECK (tiled IN (0, 1)),
      UNIQUE (sopInstanceUid, studyKey)
    ) STRICT;
    INSERT INTO instances (instanceKey, studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt, tiled)
      SELECT instanceKey, studyKey, seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt, tiled
      FROM formerInstances JOIN series USING (seriesKey) ORDER BY instanceKey;
    DROP TABLE formerInstances;
    CREATE INDEX instancesBySeries ON instances (seriesKey);

    CREATE TABLE formerImages AS SELECT * FROM resultImages;
    DROP TABLE resultImages;
    CREATE TABLE resultImages (
      resultSequence INTEGER NOT NULL REFERENCES results,
      studyKey INTEGER NOT NULL,
      sopInstanceUid TEXT NOT NULL,
      frameIndex INTEGER NOT NULL CHECK (frameIndex >= 0),
      -- Order of arrival.
      position INTEGER NOT NULL,
      refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
      -- Of the object's file as the network read it.
      sha256 TEXT NOT NULL,
      -- ImageResult as JSON
      image TEXT NOT NULL,
      PRIMARY KEY (resultSequence, sopInstanceUid, frameIndex),
      FOREIGN KEY (studyKey, sopInstanceUid) REFERENCES instances (studyKey, sopInstanceUid)
    ) STRICT;
    INSERT INTO resultImages (resultSequence, studyKey, sopInstanceUid, frameIndex, position, refused, sha256, image)
      SELECT resultSequence, studyKey, sopInstanceUid, frameIndex, position, refused, ifnull(json_extract(image, '$.sha256'), ''), image
      FROM formerImages JOIN results USING (resultSequence) ORDER BY resultSequence, position;
    DROP TABLE formerImages;
    CREATE TRIGGER resultImagesRefusesUpdate BEFORE UPDATE ON resultImages BEGIN SELECT RAISE(ABORT, 'resultImages is append-only'); END;
    CREATE TRIGGER resultImagesRefusesDelete BEFORE DELETE ON resultImages BEGIN SELECT RAISE(ABORT, 'resultImages is append-only'); END;

    -- Of each object whose header was corrected: the version that gave way. The one in force stands in instances.
    CREATE TABLE headerCorrections (
      -- Rises by one; the order of corrections, never by a clock.
      correctionSequence INTEGER PRIMARY KEY,
      instanceKey INTEGER NOT NULL REFERENCES instances,
      studyKey INTEGER NOT NULL REFERENCES studies,
      sopInstanceUid TEXT NOT NULL,
      -- Its file stays in objects/.
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 0),
      chunks BLOB NOT NULL,
      -- InstanceFacts as JSON
      facts TEXT NOT NULL,
      -- HeaderChange[] as JSON: what the next version says differently.
      changed TEXT NOT NULL,
      sourceName TEXT NOT NULL,
      correctedAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX headerCorrectionsByStudy ON headerCorrections (studyKey, sopInstanceUid);
    CREATE INDEX headerCorrectionsByInstance ON headerCorrections (instanceKey);
    CREATE INDEX headerCorrectionsByIdentifier ON headerCorrections (sopInstanceUid);
    CREATE TRIGGER headerCorrectionsRefusesUpdate BEFORE UPDATE ON headerCorrections
      BEGIN SELECT RAISE(ABORT, 'headerCorrections is append-only'); END;
    CREATE TRIGGER headerCorrectionsRefusesDelete BEFORE DELETE ON headerCorrections
      BEGIN SELECT RAISE(ABORT, 'headerCorrections is append-only'); END;

    -- The study that holds the identifier of what was kept out.
    ALTER TABLE conflicts ADD COLUMN studyKey INTEGER REFERENCES studies;
    UPDATE conflicts SET studyKey = (SELECT studyKey FROM instances WHERE instances.sopInstanceUid = conflicts.sopInstanceUid);
    CREATE INDEX conflictsByStudy ON conflicts (studyKey);
    -- One patient id under two identities.
    CREATE INDEX studiesByPatientId ON studies (patientId);

    -- The view of step 60: a picture whose header was corrected since it was read counts as not done.
    DROP VIEW resultCover;
    CREATE VIEW resultCover AS
      SELECT
        resultSequence, studyKey, seriesKey, stack, modelId, imagesDone, anyRead,
        CASE WHEN wholeSeries = 1 AND frameCount <= seriesFrames THEN imagesTotal ELSE frameCount END AS imagesTotal,
        ended
          AND frameCount <= seriesFrames
          AND imagesDone >= CASE wholeSeries WHEN 1 THEN imagesTotal ELSE seriesFrames END
          AS complete
      FROM (
        SELECT
          result.resultSequence, result.studyKey, result.seriesKey, result.stack, result.modelId, result.wholeSeries,
          result.imagesTotal, result.seriesFrames, series.frameCount, ending.anyRead,
          ending.resultSequence IS NOT NULL AND ending.incompleteCode IS NULL AS ended,
          ifnull(ending.imagesDone, (SELECT count(*) FROM resultImages AS image WHERE image.resultSequence = result.resultSequence))
            - (SELECT count(*) FROM headerCorrections AS correction JOIN resultImages AS image
                 ON image.resultSequence = result.resultSequence AND image.sopInstanceUid = correction.sopInstanceUid
                   AND image.sha256 = correction.sha256
               WHERE correction.studyKey = result.studyKey)
            AS imagesDone
        FROM results AS result JOIN series USING (seriesKey) LEFT JOIN resultEnds AS ending USING (resultSequence));
  `,
}
