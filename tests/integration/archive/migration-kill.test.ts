/** An older archive whose steps are killed at any moment is brought up to date by the next start, and its copy stands. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { databaseVersion, migrate } from '../../../main/archive/migrate'
import { migrations } from '../../../main/archive/migrations/index'
import { repository } from '../../shared-data'
import { facts } from '../../unit/archive/fixtures'
import { pause, randomFrom } from './host-under-test'

const rounds = process.env.OVERREAD_FULL === '1' ? 100 : 8
const seed = Number(process.env.OVERREAD_SEED ?? 20261126)
const from = 30
const objects = 20_000
const latest = migrations.at(-1)!.number
const root = mkdtempSync(join(tmpdir(), 'overread-migration-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A database of an early form, large enough that its steps take a while. Its files are of no account here. */
function writeOld(path: string): void {
  const db = connect(path)
  migrate(
    db,
    null,
    migrations.filter(({ number }) => number <= from),
  )
  db.transaction(() => {
    db.exec(`
      INSERT INTO studies (studyInstanceUid, patientId, issuer, birthDate, sex, patientName, studyDate, studyTime, description, accessionNumber, studyId, phantom, seriesCount, instanceCount, storedAt)
        VALUES ('1.2', '', '', '', '', 'Doe^Jane', '', '', '', '', '', 0, 1, ${objects}, '');
      INSERT INTO series (studyKey, seriesInstanceUid, modality, description, instanceCount, frameCount) VALUES (1, '1.2.3', 'MR', '', ${objects}, ${objects});
      INSERT INTO results (resultId, studyKey, seriesKey, modelId, wholeSeries, imagesTotal, seriesFrames, head) VALUES ('r', 1, 1, 'm', 1, ${objects}, ${objects}, '{}')`)
    const text = JSON.stringify(facts())
    for (let index = 1; index <= objects; index++) {
      db.run(
        `INSERT INTO instances (seriesKey, sopInstanceUid, sha256, size, chunks, frames, storedAt) VALUES (1, ?, ?, 1, x'00', 1, '')`,
        [`1.2.3.${index}`, index.toString(16).padStart(64, '0')],
      )
      db.run('INSERT INTO instanceFacts VALUES (?, ?)', [index, text])
      db.run(`INSERT INTO resultImages VALUES (1, ?, 0, ?, 0, '{"sha256":"a"}')`, [`1.2.3.${index}`, index])
    }
    db.exec(`INSERT INTO resultEnds VALUES (1, NULL, ${objects}, 1, '{}')`)
  })
  db.all('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Ends when it has opened the archive, or is killed so many milliseconds after it began. Answers how long opening took. */
async function open(folder: string, killAfterMs: number | null): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('migrating-child.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      MIGRATING: JSON.stringify({ folder, thread: pathToFileURL(join(repository, 'out/node/archive-thread.js')).href }),
    },
  })
  const closed = once(child, 'close')
  let out = ''
  let began = 0
  const opened = new Promise<void>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      if (began === 0 && out.includes('begun')) began = performance.now()
      if (/open|refused/.test(out)) resolve()
    })
  })
  while (began === 0) await pause(1)
  await (killAfterMs === null ? opened : pause(killAfterMs))
  const took = performance.now() - began
  child.kill('SIGKILL')
  await closed
  if (killAfterMs === null) expect(out).toContain('open\n')
  return took
}

const countsOf = (path: string) => {
  const db = connect(path, { readOnly: true })
  try {
    expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(db.all('PRAGMA foreign_key_check')).toEqual([])
    const count = (table: string) => db.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
    return {
      version: databaseVersion(db),
      rows: ['studies', 'series', 'instances', 'instanceFacts', 'resultImages', 'resultEnds'].map(count),
    }
  } finally {
    db.close()
  }
}

test(
  `killed at ${rounds} moments, the steps are repeated and lose nothing`,
  async () => {
    const old = join(root, 'old.sqlite')
    writeOld(old)
    const rows = [1, 1, objects, objects, objects, 1]
    expect(countsOf(old)).toEqual({ version: from, rows })
    const fresh = (name: string) => {
      const folder = join(root, name)
      mkdirSync(folder)
      copyFileSync(old, layoutOf(folder).database)
      return folder
    }
    const openMs = await open(fresh('whole'), null)
    const random = randomFrom(seed)
    const versions = new Map<string, number>()
    for (let round = 1; round <= rounds; round++) {
      const folder = fresh(`killed${round}`)
      const copy = join(folder, `overread-before-${from}.sqlite`)
      await open(folder, random() * openMs)
      // A step is there or is not; the copy, once it is there, is whole.
      const after = countsOf(layoutOf(folder).database)
      expect([0, ...migrations.map(({ number }) => number)]).toContain(after.version)
      expect(after.rows).toEqual(rows)
      if (after.version > from) expect(existsSync(copy)).toBe(true)
      const met = `form ${after.version}${existsSync(copy) ? ' with its copy' : ''}`
      versions.set(met, (versions.get(met) ?? 0) + 1)
      const archive = openArchive(folder)
      expect(archive.studyRow(1)).toMatchObject({ patient: { patientName: 'Doe^Jane' }, instances: objects, ai: { state: 'no-finding' } })
      archive.close()
      expect(countsOf(layoutOf(folder).database)).toEqual({ version: latest, rows })
      // Made before the first step that was kept, also by the second start.
      expect(countsOf(copy)).toEqual({ version: from, rows })
      expect(readdirSync(layoutOf(folder).temporary)).toEqual([])
      rmSync(folder, { recursive: true })
    }
    if (rounds > 8) process.stderr.write(`${JSON.stringify({ seed, rounds, ...Object.fromEntries(versions) })}\n`)
  },
  rounds * 30_000,
)
