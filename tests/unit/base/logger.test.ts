import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLogger, type LogFields } from '../../../main/base/logger'
import { temporaryFolder } from '../archive/fixtures'

const lines = (folder: string, name = 'overread.log') =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('an event is written with its fields and the time in UTC', () => {
  const folder = temporaryFolder()
  const log = openLogger(folder)
  log.warn('compute.died', { code: 'compute.died', exitCode: 134, jobId: '0f-1', provider: 'cpu' })
  log.close()
  const [line] = lines(folder)
  expect(line).toMatchObject({ level: 40, event: 'compute.died', code: 'compute.died', exitCode: 134, jobId: '0f-1', provider: 'cpu' })
  expect(line!.time).toMatch(/Z$/)
  expect(Object.keys(line!).sort()).toEqual(['code', 'event', 'exitCode', 'jobId', 'level', 'provider', 'time'])
})

test('what is not on the list, or not of its form, is not written', () => {
  const folder = temporaryFolder()
  const log = openLogger(folder)
  const values = {
    patientName: 'CANARY^JANE',
    code: 'CANARY^JANE',
    task: '/home/canary/file.dcm',
    count: 'CANARY',
    jobId: 'CANARY',
    __proto__: { count: 1 },
  }
  log.info('opened CANARY^JANE', values as unknown as LogFields)
  log.close()
  const written = readFileSync(join(folder, 'overread.log'), 'utf8')
  expect(written).not.toMatch(/canary/i)
  expect(lines(folder)[0]).toMatchObject({ event: 'log.event-withheld' })
})

test('files are cut by size and only so many kept, the log among them never larger', () => {
  const folder = temporaryFolder()
  const log = openLogger(folder, { maximumBytes: 1000, olderFiles: 2 })
  for (let count = 0; count < 100; count++) log.info('test.line', { count })
  log.close()
  expect(readdirSync(folder).sort()).toEqual(['overread.1.log', 'overread.2.log', 'overread.log'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000)
  expect(lines(folder).at(-1)).toMatchObject({ count: 99 })
  const counts = ['overread.2.log', 'overread.1.log', 'overread.log'].flatMap((name) =>
    lines(folder, name).map((line) => line.count as number),
  )
  expect(counts).toEqual(Array.from({ length: counts.length }, (_, index) => 100 - counts.length + index))
})

test('a log goes on where it ended', () => {
  const folder = temporaryFolder()
  for (const count of [1, 2]) {
    const log = openLogger(folder)
    log.info('test.line', { count })
    log.close()
  }
  expect(lines(folder).map((line) => line.count)).toEqual([1, 2])
})
