/** Archives in places that do not serve: each says so in its sentence, and nothing in it changes. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCatalogue, type ErrorCode } from '../../../contracts/errors'
import { openArchive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { connect } from '../../../main/archive/database'
import { sha256 } from '../../../main/base/hashing'
import { everything, finding, result } from '../../unit/archive/fixtures'
import { writeSlice } from '../inference/dicom-series'
import { command, HostUnderTest } from './host-under-test'
import { canMount, mountReadOnly, unmount } from './mounts'

const root = mkdtempSync(join(tmpdir(), 'overread-places-'))
const files = join(root, 'files')
const series = '1.2.826.0.3'

beforeAll(() => {
  mkdirSync(files)
  for (let index = 0; index < 3; index++) writeSlice(files, index, { rows: 8, columns: 8, pixels: new Int16Array(64).fill(index) }, index)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const found = finding()

/** An archive with a study, a result and a decision: made once, and copied from then on. */
async function filled(folder: string): Promise<{ folder: string; findingId: string }> {
  const made = join(root, 'made')
  if (!existsSync(made)) await fill(made)
  cpSync(made, folder, { recursive: true })
  return { folder, findingId: found.findingId }
}

async function fill(folder: string): Promise<void> {
  expect((await command(['import', files, '--archive', folder]).done).code).toBe(0)
  const archive = openArchive(folder)
  archive.appendResult(
    1,
    result({ studyInstanceUid: '1.2.826.0.2', seriesInstanceUid: series, images: [], imagesTotal: 1, findings: [found] }),
  )
  archive.addDecision(1, { decisionId: crypto.randomUUID(), findingId: found.findingId, verdict: 'accepted', comment: '' })
  archive.close()
}

/** Every file with what it holds. */
function contentOf(folder: string): string[] {
  return (
    (readdirSync(folder, { recursive: true }) as string[])
      // SQLite's own beside the database come and go.
      .filter((name) => statSync(join(folder, name)).isFile() && !/-(wal|shm)$/.test(name))
      .map((name) => `${name} ${sha256(readFileSync(join(folder, name)))}`)
      .sort()
  )
}

/** What a command and an engine host say of an archive that cannot be used. */
async function refusal(args: readonly string[], code: ErrorCode, uid?: number): Promise<void> {
  const { code: exit, output, errors } = await command([...args, '--json'], { uid }).done
  expect([exit, (JSON.parse(output) as { error: { code: string } }).error.code]).toEqual([1, code])
  const { sentence, advice } = errorCatalogue[code] as { sentence: string; advice: string }
  expect(errors).toContain(sentence.slice(0, -1))
  expect(errors).toContain(advice)
}

describe.skipIf(!canMount)('a read-only file system', () => {
  const view = join(root, 'read-only')
  const folder = join(view, 'archive')
  let before: string[]
  beforeAll(async () => {
    await filled(join(root, 'written', 'archive'))
    expect(mountReadOnly(join(root, 'written'), view)).toBe(true)
    before = contentOf(folder)
  }, 120_000)
  afterAll(() => void unmount(view))

  test('importing is refused, and nothing changes', async () => {
    await refusal(['import', files, '--archive', folder], 'archive.unwritable')
    expect(contentOf(folder)).toEqual(before)
  })
})

test.skipIf(process.platform === 'win32' || process.getuid?.() !== 0)(
  'a folder of another account is refused, and nothing changes',
  async () => {
    const { folder } = await filled(join(root, 'others'))
    const before = contentOf(folder)
    await refusal(['import', files, '--archive', folder], 'archive.unwritable', 65_534)
    expect(contentOf(folder)).toEqual(before)
  },
)

test('an archive of a newer version is refused for writing and reading, and nothing changes', async () => {
  const { folder } = await filled(join(root, 'newer'))
  const db = connect(join(folder, 'overread.sqlite'))
  db.exec('PRAGMA user_version = 99990')
  db.all('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  // What its own version would still sweep, or not.
  writeFileSync(join(folder, 'tmp', '0123456789abcdef01234567'), 'theirs')
  const before = contentOf(folder)
  for (const args of [['import', files], ['list'], ['archive', 'check']]) await refusal([...args, '--archive', folder], 'archive.newer')
  expect(contentOf(folder)).toEqual(before)
})

test('a second program on an archive is refused its writes, and reads beside the first', async () => {
  const { folder } = await filled(join(root, 'shared'))
  const host = new HostUnderTest(folder)
  await host.opened()
  await refusal(['import', files, '--archive', folder], 'archive.in-use')
  const listed = JSON.parse((await command(['list', '--archive', folder, '--json']).done).output) as unknown[]
  expect(listed).toHaveLength(1)
  expect((await command(['archive', 'check', '--archive', folder]).done).code).toBe(0)
  // The first one goes on.
  expect((await host.request('studies.list', everything)).total).toBe(1)
  await host.close()
})

describe('an archive folder that vanishes while it is open', () => {
  const decide = (host: HostUnderTest, findingId: string) =>
    host.request('decision.add', { studyKey: 1, decisionId: crypto.randomUUID(), findingId, verdict: 'rejected', comment: '' })
  const vanished = { report: { code: 'archive.vanished' } }

  test('moved away: nothing is taken and no picture shown; put back, all goes on', async () => {
    const { folder, findingId } = await filled(join(root, 'moving'))
    const host = new HostUnderTest(folder)
    await decide(host, findingId)
    renameSync(folder, `${folder}-elsewhere`)
    await expect(decide(host, findingId)).rejects.toMatchObject(vanished)
    await expect(host.request('frame.get', { studyKey: 1, sopInstanceUid: '1.2.826.0.1.1', frameIndex: 0 })).rejects.toMatchObject(vanished)
    await expect(host.request('example.open', {})).rejects.toMatchObject(vanished)
    renameSync(`${folder}-elsewhere`, folder)
    await decide(host, findingId)
    expect((await host.request('results.list', { studyKey: 1 })).decisions).toHaveLength(3)
    expect(await host.request('frame.get', { studyKey: 1, sopInstanceUid: '1.2.826.0.1.1', frameIndex: 0 })).toBeTruthy()
    await host.close()
    expect(checkArchive(folder)).toMatchObject({ decisions: 3, problems: [], unreferenced: 0 })
  })

  test('deleted, and another archive in its place: nothing goes into either', async () => {
    const { folder, findingId } = await filled(join(root, 'deleted'))
    const host = new HostUnderTest(folder)
    await decide(host, findingId)
    rmSync(folder, { recursive: true })
    await expect(decide(host, findingId)).rejects.toMatchObject(vanished)
    await filled(folder)
    const before = contentOf(join(folder, 'objects'))
    await expect(decide(host, findingId)).rejects.toMatchObject(vanished)
    await host.close()
    expect(contentOf(join(folder, 'objects'))).toEqual(before)
    expect(checkArchive(folder)).toMatchObject({ decisions: 1, problems: [] })
  })
})

test('a lock that a killed program held keeps nobody out', async () => {
  const { folder } = await filled(join(root, 'killed'))
  const host = new HostUnderTest(folder)
  await host.opened()
  await host.kill()
  expect((await command(['import', files, '--archive', folder]).done).code).toBe(0)
})
