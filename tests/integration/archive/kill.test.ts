/** What was acknowledged is there after a kill at any moment, and nothing half is. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { checkArchive } from '../../../main/archive/check'
import { repository } from '../../shared-data'
import { facts, finding, result } from '../../unit/archive/fixtures'

const root = mkdtempSync(join(tmpdir(), 'overread-kill-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const rounds = 10

/** Answers the lines that the child could still print. */
async function storeUntilKilled(folder: string, round: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('storing-child.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      STORING: JSON.stringify({
        folder,
        thread: pathToFileURL(join(repository, 'out/node/archive-thread.js')).href,
        round: String(round),
        facts: facts(),
        result: result(),
        finding: finding(),
      }),
    },
  })
  let out = ''
  let errors = ''
  child.stderr.on('data', (text) => (errors += text))
  const ended = once(child, 'close')
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      out += text
      if (out.includes('opened\n')) resolve()
    })
    void ended.then(() => reject(new Error(`the child ended by itself: ${errors}`)))
  })
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  const [, signal] = (await ended) as [number | null, string | null]
  expect(signal, errors).toBe('SIGKILL')
  // The last line may be cut.
  return out.split('\n').slice(0, -1)
}

test(`after each of ${rounds} kills every acknowledged row and file is there, and the check finds nothing`, async () => {
  const folder = join(root, 'archive')
  const acknowledged: string[] = []
  for (let round = 1; round <= rounds; round++) {
    // From within the first transaction to some dozens later; the same each time, the moment is not.
    acknowledged.push(...(await storeUntilKilled(folder, round, 20 + ((round * 137) % 600))).filter((line) => line !== 'opened'))
    expect(checkArchive(folder).problems).toEqual([])
  }
  const archive = openArchive(folder)
  try {
    for (const line of acknowledged) {
      const [kind, key, id, detail] = line.split(' ') as [string, string, string, string]
      const studyKey = Number(key)
      if (kind === 'object') expect(archive.instanceLocation(studyKey, id).sha256).toBe(detail)
      else if (kind === 'decision') expect(archive.listResults(studyKey).decisions.map(({ decisionId }) => decisionId)).toContain(id)
      else if (kind === 'entry') expect(archive.listResults(studyKey).entries.map(({ entryId }) => entryId)).toContain(id)
      else {
        expect(archive.readResult(id).images.map(({ sopInstanceUid }) => sopInstanceUid)).toContain(detail)
        expect(
          archive.getOverlay(studyKey, { resultId: id, sopInstanceUid: detail, frameIndex: 0, label: 'abnormality', kind: 'mask' })!.bytes,
        ).toHaveLength(64)
      }
    }
    // It did store something, and was killed between pieces of work.
    expect(acknowledged.length).toBeGreaterThan(rounds)
    expect(acknowledged.filter((line) => line.startsWith('entry '))).not.toEqual([])
    expect(checkArchive(folder)).toMatchObject({ problems: [] })
  } finally {
    archive.close()
  }
})
