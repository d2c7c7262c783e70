/**
 * Taking 5,000 files in, against `gdcmscanner` and pydicom reading the same tags of the same files.
 *
 * - facts: header to facts on one thread, nothing kept: what the two tools do.
 * - import: the product's import through its workers into a new archive on disk, every row committed: each file
 *   is read, hashed (whole and by 4 MiB), copied and synced besides. With pictures of 64 pixels, where the copy is
 *   small, and of 512 pixels, where it is most of the work.
 *
 * The files are in the system's cache for all of them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { Engine } from '../../main/host/engine'
import { hostPaths } from '../../main/host/paths'
import { repository } from '../shared-data'
import { ctSeries } from './support/ct-series'
import { describeMachine, execute, isInstalled, leastOf, timed } from './support/measure'

const folder = mkdtempSync(join(tmpdir(), 'overread-bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(() => console.log(describeMachine()))

/** What facts are made of, as far as a scanner of tags can read it. */
const tags = [
  '0008,0008', '0008,0016', '0008,0018', '0008,0020', '0008,0021', '0008,0030', '0008,0050', '0008,0060', '0008,103e', '0008,1030',
  '0010,0010', '0010,0020', '0010,0030', '0010,0040', '0018,0015', '0018,1030', '0018,5100', '0020,000d', '0020,000e', '0020,0010',
  '0020,0011', '0020,0012', '0020,0013', '0020,0032', '0020,0037', '0020,0052', '0028,0002', '0028,0004', '0028,0008', '0028,0010',
  '0028,0011', '0028,0030', '0028,0100', '0028,0101', '0028,0103', '0028,2110',
] // prettier-ignore

const script = `
import sys, time, pydicom
files = sys.stdin.read().split('\\n')
tags = [(int(t[:4], 16), int(t[5:], 16)) for t in sys.argv[1:]]
best = 1e9
for _ in range(2):
    start = time.perf_counter()
    for file in files:
        dataset = pydicom.dcmread(file, stop_before_pixels=True)
        [dataset[tag].value for tag in tags if tag in dataset]
    best = min(best, time.perf_counter() - start)
print(best * 1000)
`

function pydicomMs(files: readonly string[]): number | null {
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', script, ...tags], { input: files.join('\n'), encoding: 'utf8' })
  return status === 0 ? Number(stdout) : null
}

async function importMs(source: string, files: number): Promise<number> {
  const archiveFolder = mkdtempSync(join(folder, 'archive-'))
  const paths = hostPaths(pathToFileURL(join(repository, 'out/node/engine-host.js')).href)
  const engine = await Engine.open({ archiveFolder, paths, startCompute: () => Promise.reject(new Error('not wanted')) })
  try {
    engine.pool.warm()
    await engine.pool.run('file.facts', { path: join(source, readdirSync(source)[0]) })
    return await timed(async () => {
      const { stored, failedCount } = await engine.importPaths([source])
      expect([stored, failedCount]).toEqual([files, 0])
    })
  } finally {
    await engine.close()
    rmSync(archiveFolder, { recursive: true, force: true })
  }
}

test.each([
  { side: 64, files: 5000 },
  { side: 512, files: 1000 },
])('$files files of $side × $side', async ({ side, files }) => {
  const source = join(folder, `ct-${side}`)
  mkdirSync(source)
  for (const { name, bytes } of ctSeries(side, files)) writeFileSync(join(source, name), bytes)
  const paths = readdirSync(source).map((name) => join(source, name))
  const hasScanner = isInstalled('gdcmscanner')
  const { facts, scanner } = await leastOf(
    {
      facts: () => {
        for (const path of paths) {
          const opened = fileSource(path)
          instanceFacts(readDicomObject(opened))
          opened.close()
        }
      },
      scanner: () => {
        if (hasScanner) execute('gdcmscanner', ['-d', source, ...tags.flatMap((tag) => ['-t', tag])])
      },
    },
    3,
  )
  const imports = [await importMs(source, files), await importMs(source, files), await importMs(source, files)]
  const whole = Math.min(...imports)
  const pydicom = pydicomMs(paths)
  const each = (ms: number) => `${((ms / files) * 1000).toFixed(0)} µs`
  const against = (ours: number) =>
    `${hasScanner ? (scanner / ours).toFixed(2) : '?'} of gdcmscanner's rate (aim 1.0), ${pydicom === null ? '?' : (pydicom / ours).toFixed(1)} of pydicom's (aim 5)`
  console.log(
    [
      `${files} files of ${side} × ${side}: gdcmscanner ${hasScanner ? each(scanner) : 'not installed'}, pydicom ${pydicom === null ? 'not installed' : each(pydicom)} a file`,
      `  header to facts, one thread: ${each(facts)}, ${against(facts)}`,
      `  header to committed row, with copy, hashes and sync: ${each(whole)}, ${against(whole)}`,
    ].join('\n'),
  )
})
