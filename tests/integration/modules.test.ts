/** What each built entry can reach, read from the bundler's own list. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from '../shared-data'

interface Chunk {
  readonly modules: readonly string[]
  readonly imports: readonly string[]
}
const chunks = JSON.parse(readFileSync(join(repository, 'out/modules.json'), 'utf8')) as Record<string, Chunk>

/** Every chunk and package that an entry can load. */
function reach(entry: string): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const next of chunks[name]?.imports ?? []) visit(next)
  }
  visit(entry)
  return seen
}

test.each([
  { entry: 'worker.js', never: ['libsql', 'onnxruntime-node', 'electron', '@tensorflow/tfjs-core'] },
  { entry: 'compute.js', never: ['libsql', 'electron', 'dcmjs-codecs'] },
  { entry: 'engine-host.js', never: ['libsql', 'onnxruntime-node', 'electron', 'dcmjs-codecs', '@tensorflow/tfjs-core'] },
  { entry: 'archive-thread.js', never: ['onnxruntime-node', 'electron', 'dcmjs-codecs'] },
  { entry: 'cli.js', never: ['onnxruntime-node', 'electron'] },
])('$entry loads none of $never', ({ entry, never }) => {
  const reached = reach(entry)
  expect(reached.size).toBeGreaterThan(1)
  for (const name of never) expect(reached).not.toContain(name)
})

test('what must be there is seen by this test', () => {
  expect(reach('archive-thread.js')).toContain('libsql')
  expect(reach('compute.js')).toContain('onnxruntime-node')
})
