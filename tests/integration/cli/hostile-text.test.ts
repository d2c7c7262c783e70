/** Names and descriptions that would give orders to a terminal, through every command that repeats some of them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostile, hostileText, obeyed } from '../../hostile-text'
import { replaceText } from '../../samples/replace-element'
import { drawnChest } from '../../samples/drawn-phantoms'
import { overread } from './overread'

const folder = mkdtempSync(join(tmpdir(), 'overread-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const study = join(folder, 'study')
const archive = join(folder, 'archive')
/** A file's name may hold all of it but the slash and the null. */
const fileName = hostileText.replace(/[/\0]/g, '').slice(0, 80)

beforeAll(async () => {
  mkdirSync(study)
  const texts: readonly (readonly [tag: number, vr: string])[] = [
    [0x00100010, 'PN'],
    [0x00100020, 'LO'],
    [0x00081030, 'LO'],
    [0x0008103e, 'LO'],
    [0x00080060, 'CS'],
  ]
  const bytes = texts.reduce<Uint8Array>((file, [tag, vr]) => replaceText(file, tag, vr, hostileText), drawnChest().bytes)
  writeFileSync(join(study, fileName), bytes)
  writeFileSync(join(study, `damaged ${fileName}`), bytes.subarray(0, 700))
  const { code, stdout } = await overread('import', study, '--archive', archive)
  expect(code).toBe(1)
  expect(stdout).toContain('1 stored')
})

const long = 'x'.repeat(65_000)

const commands: readonly { name: string; args: () => readonly string[]; repeats?: RegExp }[] = [
  { name: 'import', args: () => ['import', study, '--archive', archive], repeats: /<script>/ },
  { name: 'list', args: () => ['list', '--archive', archive], repeats: /<script>/ },
  { name: 'inspect', args: () => ['inspect', join(study, fileName)], repeats: /<script>/ },
  { name: 'frame', args: () => ['frame', join(study, fileName), '--stage', 'display', '--out', join(folder, 'frame')] },
  { name: 'analyze', args: () => ['analyze', study, '--model', 'chest-lungs'], repeats: /damaged <img/ },
  { name: 'archive check', args: () => ['archive', 'check', '--archive', archive] },
  { name: 'an option that is none', args: () => ['list', `--${hostile.controls.replace('\0', '')}`] },
  { name: 'a command that is none', args: () => [hostile.direction], repeats: /ab.cd/ },
  { name: 'a file that is none', args: () => ['inspect', join(folder, fileName)] },
  { name: 'a model that is none', args: () => ['analyze', study, '--model', hostile.direction] },
]

test.each(commands)('$name', async ({ args, repeats }) => {
  const { stdout, stderr } = await overread(...args())
  const said = stdout + stderr
  if (repeats) expect(said).toMatch(repeats)
  expect(said.split('\n').filter((line) => obeyed.test(line))).toEqual([])
})

test.each(commands)('$name, as JSON', async ({ args }) => {
  const { stdout, stderr } = await overread(...args(), '--json')
  expect((stdout + stderr).split('\n').filter((line) => obeyed.test(line))).toEqual([])
})

test('a study is one line of the list and a series another, whatever their names hold', async () => {
  const { stdout } = await overread('list', '--archive', archive)
  expect(stdout.split('\n')).toHaveLength(4)
})

test('a report of an evaluation holds no markup of others and no name', async () => {
  const labelled = join(folder, 'labelled')
  mkdirSync(join(labelled, 'images'), { recursive: true })
  writeFileSync(join(labelled, 'images', 'a.dcm'), readFileSync(join(study, fileName)))
  writeFileSync(join(labelled, 'labels.csv'), 'file,pneumonia\na.dcm,1\n')
  const out = join(folder, 'report.html')
  const { stdout, stderr } = await overread('evaluate', '--data', labelled, '--model', 'chest-pneumonia', '--report', out)
  expect((stdout + stderr).split('\n').filter((line) => obeyed.test(line))).toEqual([])
  const report = readFileSync(out, 'utf8')
  expect(report).toContain('<!doctype html>')
  expect(report).not.toMatch(/onerror|<script|<img|first|\x1b|\u202e/)
})

test('a name of 64 KB is cut', async () => {
  const file = join(folder, 'long')
  writeFileSync(file, replaceText(drawnChest().bytes, 0x00100010, 'PN', long))
  const other = join(folder, 'other')
  await overread('import', file, '--archive', other)
  const { stdout } = await overread('list', '--archive', other)
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(2000)
  const { stdout: inspected } = await overread('inspect', file)
  expect(Math.max(...inspected.split('\n').map((line) => line.length))).toBeLessThan(2000)
})
