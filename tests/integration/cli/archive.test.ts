import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { phantoms } from '../../../main/interchange/phantoms'
import { buildZip } from '../../samples/build-zip'
import { hasSharedData, sharedData } from '../../shared-data'
import { overread, overreadJson } from './overread'

let folder = ''
let archive = ''
const at = (...path: string[]) => join(folder, ...path)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-cli-'))
  archive = at('archive')
  mkdirSync(at('in', 'deep', 'er'), { recursive: true })
  phantoms().forEach(({ bytes }, index) => writeFileSync(at('in', ...(index % 2 ? ['deep', 'er'] : []), `${index}`), bytes))
  writeFileSync(at('in', 'notes.txt'), 'not DICOM')
  copyFileSync(at('in', '0'), at('in', 'cut'))
  truncateSync(at('in', 'cut'), 600)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Imported {
  stored: number
  known: number
  skipped: number
  failed: { file: string; code: string; message: string }[]
}

test('import stores, counts what is no DICOM, lists what is damaged, and exits with 1 for it', async () => {
  const before = createHash('sha256')
    .update(readFileSync(at('in', '0')))
    .digest('hex')
  const { code, document } = await overreadJson<Imported>('import', at('in'), '--archive', archive)
  expect(document).toMatchObject({ stored: phantoms().length, known: 0, skipped: 1 })
  expect(document.failed).toHaveLength(1)
  expect(document.failed[0]).toMatchObject({ file: at('in', 'cut'), code: expect.stringMatching(/^(file|dicom|pixels)\./) })
  expect(code).toBe(1)
  expect(
    createHash('sha256')
      .update(readFileSync(at('in', '0')))
      .digest('hex'),
  ).toBe(before)
})

test('the same instance twice is one; the same identifier with other content is kept out and reported', async () => {
  appendFileSync(at('in', '2'), Buffer.alloc(8))
  const { code, document } = await overreadJson<Imported>('import', at('in', '0'), at('in', '2'), '--archive', archive)
  expect(document).toMatchObject({ stored: 0, known: 1, skipped: 0 })
  expect(document.failed).toEqual([expect.objectContaining({ file: at('in', '2'), code: 'archive.conflict' })])
  expect(code).toBe(1)
})

test('list gives each study with its series', async () => {
  const { code, document } = await overreadJson<
    { patientId: string; modalities: string[]; series: { instances: number; modality: string }[] }[]
  >('list', '--archive', archive)
  expect(code).toBe(0)
  const head = document.find(({ patientId }) => patientId === 'OVERREAD-PHANTOM-HEAD')!
  expect(head.modalities).toEqual(['MR'])
  expect(head.series).toEqual([expect.objectContaining({ modality: 'MR', instances: 24 })])
  expect(document).toHaveLength(2)
})

test('archive check finds a whole archive whole, and names a file that changed', async () => {
  interface Report {
    instances: number
    problems: { kind: string; where: string }[]
  }
  const whole = await overreadJson<Report>('archive', 'check', '--archive', archive)
  expect(whole.code).toBe(0)
  expect(whole.document).toMatchObject({ instances: phantoms().length, problems: [] })
  const objects = join(archive, 'objects')
  const [first] = readdirSync(objects)
  const [name] = readdirSync(join(objects, first))
  const bytes = readFileSync(join(objects, first, name))
  const changed = Buffer.from(bytes)
  changed[changed.length - 1] ^= 1
  writeFileSync(join(objects, first, name), changed)
  const broken = await overreadJson<Report>('archive', 'check', '--archive', archive)
  writeFileSync(join(objects, first, name), bytes)
  expect(broken.code).toBe(1)
  expect(broken.document.problems).toEqual([expect.objectContaining({ kind: 'object', where: name })])
})

test('inspect prints the data set and what will be shown', async () => {
  const { code, document } = await overreadJson<{
    dataSet: { keyword: string; value: string }[]
    shown: { rows: number; columns: number }
  }>('inspect', at('in', '0'))
  expect(code).toBe(0)
  expect(document.dataSet.find(({ keyword }) => keyword === 'PatientID')?.value).toBe('OVERREAD-PHANTOM-HEAD')
  expect(document.shown).toMatchObject({ rows: 256, columns: 256 })
})

test('an archive that is not there lists nothing', async () => {
  expect(await overreadJson('list', '--archive', at('none'))).toEqual({ code: 0, document: [] })
})

test('a ZIP is opened, what is damaged in it is listed by its name, and the ZIP in it is opened too', async () => {
  const [first, second, third] = phantoms()
  const inner = buildZip([{ name: 'c', bytes: third.bytes }])
  const zip = buildZip([
    { name: 'CD/a', bytes: first.bytes },
    { name: 'CD/b', bytes: second.bytes.slice(0, 700) },
    { name: 'CD/inner.zip', bytes: inner },
    { name: 'readme.txt', bytes: new TextEncoder().encode('not DICOM') },
  ])
  writeFileSync(at('cd.zip'), zip)
  const { code, document } = await overreadJson<Imported>('import', at('cd.zip'), '--archive', at('from-zip'))
  expect(document).toMatchObject({ stored: 2, known: 0, skipped: 1 })
  expect(document.failed).toEqual([expect.objectContaining({ file: `${at('cd.zip')}!CD/b` })])
  expect(code).toBe(1)
})

test.skipIf(!hasSharedData)('a DICOMDIR named by itself stands for the files it names; in a folder it is passed over', async () => {
  const medium = join(sharedData, 'dicom/pydicom/dicomdirtests')
  const named = await overreadJson<Imported>('import', join(medium, 'DICOMDIR'), '--archive', at('from-directory'))
  expect(named.document).toEqual({ stored: 31, known: 0, skipped: 1, failed: [] })
  const folder = await overreadJson<Imported>('import', medium, '--archive', at('from-directory'))
  expect(folder.document.failed).toEqual([])
  expect(folder.document.known).toBe(31)
})

test('a path that does not exist is a failure with its name', async () => {
  const { code, document } = await overreadJson<Imported>('import', at('nowhere'), '--archive', archive)
  expect(document.failed).toEqual([expect.objectContaining({ file: at('nowhere'), code: 'file.unreadable' })])
  expect(code).toBe(1)
})

test.each([
  { args: [], says: 'overread <command>' },
  { args: ['nonsense'], says: 'there is no command "nonsense"' },
  { args: ['import'], says: 'too few arguments' },
  { args: ['list', 'more'], says: 'too many arguments' },
  { args: ['list', '--colour', 'red'], says: '--colour' },
  { args: ['frame', 'x', '--out', 'y'], says: '--stage' },
  { args: ['analyze', 'x'], says: '--model' },
])('usage: $args exits with 2 and nothing on stdout', async ({ args, says }) => {
  const { code, stdout, stderr } = await overread(...args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(says)
})

test.each(['import', 'list', 'models', 'analyze', 'frame', 'inspect', 'archive'])('%s --help exits with 0', async (command) => {
  const { code, stdout } = await overread(command, '--help')
  expect(code).toBe(0)
  expect(stdout).toContain(`overread ${command}`)
})
