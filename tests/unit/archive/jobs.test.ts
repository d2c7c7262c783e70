import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jobSchema } from '../../../contracts/analysis'
import { openArchive, type Archive } from '../../../main/archive/archive'
import { connect } from '../../../main/archive/database'
import { layoutOf } from '../../../main/archive/layout'
import { store, temporaryArchive, temporaryFolder } from './fixtures'

const died = { code: 'compute.died', message: 'The computing process stopped (code 134).' } as const

function job(studyKey: number, jobId = 'job') {
  return {
    jobId,
    studyKey,
    seriesInstanceUid: '1.2.3.1.1',
    stack: 'TE 80 ms',
    frames: [{ sopInstanceUid: '1.2.3.1.1.1', frameIndex: 0 }],
    modelId: 'chest-lungs',
    override: true,
    provider: 'cpu',
    imagesTotal: 1,
  }
}

test('a job comes back with all it was asked with', () => {
  const archive = temporaryArchive()
  const [added] = archive.addJobs('request', [job(store(archive, {}))])
  const { studyKey, provider, deaths, ...rest } = added!
  expect({ studyKey, provider, deaths }).toEqual({ studyKey: 1, provider: 'cpu', deaths: 0 })
  expect(jobSchema.parse(rest)).toMatchObject({
    state: 'queued',
    studyInstanceUid: '1.2.3.1',
    override: true,
    frames: job(1).frames,
    stack: 'TE 80 ms',
    attempts: 0,
    error: null,
  })
})

test('the same request twice queues once', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  const first = archive.addJobs('request', [job(key, 'a'), job(key, 'b')])
  expect(archive.addJobs('request', [job(key, 'c')])).toEqual(first)
  expect(archive.listJobs(key).map(({ jobId }) => jobId)).toEqual(['a', 'b'])
})

test('a study keeps its jobs however many are asked for of others', () => {
  const archive = temporaryArchive()
  const [old, other] = [store(archive, {}), store(archive, { study: '2' })]
  archive.addJobs('first', [job(old, 'old')])
  archive.updateJob('old', { state: 'failed', error: died })
  const later = Array.from({ length: 600 }, (_, index) => ({ ...job(other, `later ${index}`), seriesInstanceUid: '1.2.3.2.1' }))
  archive.addJobs('second', later)
  expect(archive.listJobs(old)).toMatchObject([{ jobId: 'old', state: 'failed', error: died }])
  expect(archive.listJobs(other).map(({ jobId }) => jobId)).toEqual(later.slice(-500).map(({ jobId }) => jobId))
})

test('the next job is the one that has waited longest', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  expect(archive.nextJob()).toBeNull()
  archive.addJobs('first', [job(key, 'a'), job(key, 'b')])
  expect(archive.nextJob()?.jobId).toBe('a')
  archive.updateJob('a', { state: 'running' })
  expect(archive.nextJob()?.jobId).toBe('b')
})

test('EXPECTED FAILURE: a request with a series that is not there queues nothing', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  expect(() => archive.addJobs('request', [job(key), { ...job(key, 'b'), seriesInstanceUid: '9' }])).toThrow(
    expect.objectContaining({ code: 'archive.missing' }),
  )
  expect(archive.listJobs(key)).toEqual([])
})

test('changes are written one by one, and each start counts', () => {
  const archive = temporaryArchive()
  archive.addJobs('request', [job(store(archive, {}))])
  expect(archive.updateJob('job', { state: 'running', step: 'reading' })).toMatchObject({ state: 'running', attempts: 1, step: 'reading' })
  expect(archive.updateJob('job', { state: 'running', imagesDone: 1 })).toMatchObject({ attempts: 1, imagesDone: 1, step: 'reading' })
  expect(archive.updateJob('job', { state: 'failed', error: died, resultId: 'r' })).toMatchObject({
    state: 'failed',
    error: died,
    resultId: 'r',
  })
  expect(archive.updateJob('job', { error: null })).toMatchObject({ error: null, state: 'failed' })
  expect(archive.nextJob()).toBeNull()
})

test('the computing process may die once under a job, not twice', () => {
  const archive = temporaryArchive()
  archive.addJobs('request', [job(store(archive, {}))])
  archive.updateJob('job', { state: 'running' })
  expect(archive.recordDeath('job', died)).toMatchObject({ state: 'queued', deaths: 1, error: null })
  archive.updateJob('job', { state: 'running' })
  expect(archive.recordDeath('job', died)).toMatchObject({ state: 'failed', deaths: 2, error: died })
})

/** As a kill does: the lock and the connection go, nothing is written. */
function reopenedAfterKill(folder: string, archive: Archive): Archive {
  const db = connect(layoutOf(folder).database, { readOnly: true })
  const running = db.all("SELECT jobId FROM jobs WHERE state = 'running'")
  db.close()
  archive.close()
  const raw = connect(layoutOf(folder).database)
  // What the orderly end put back is made as the kill would have left it.
  for (const row of running as { jobId: string }[])
    raw.run(`UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE jobId = ?`, [row.jobId])
  raw.close()
  return openArchive(folder, { lockTimeoutMs: 50 })
}

test('after a kill what was running is queued again; the third time it has failed', () => {
  const folder = join(temporaryFolder(), 'archive')
  let archive = openArchive(folder)
  archive.addJobs('request', [job(store(archive, {}))])
  for (const state of ['queued', 'queued', 'failed']) {
    archive.updateJob('job', { state: 'running' })
    archive = reopenedAfterKill(folder, archive)
    expect(archive.readJob('job').state).toBe(state)
  }
  expect(archive.readJob('job')).toMatchObject({ attempts: 3, error: { code: 'engine.stopped' } })
  archive.close()
})

test('an orderly end queues what is running and does not count the start', () => {
  const folder = join(temporaryFolder(), 'archive')
  let archive = openArchive(folder)
  archive.addJobs('request', [job(store(archive, {}))])
  for (let start = 0; start < 5; start++) {
    archive.updateJob('job', { state: 'running' })
    archive.close()
    archive = openArchive(folder)
    expect(archive.readJob('job')).toMatchObject({ state: 'queued', attempts: 0 })
  }
  archive.close()
})
