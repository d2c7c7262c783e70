import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildIso } from '../../samples/build-iso'
import { buildObject, pictureElements, type SampleElement } from '../../samples/build-object'
import { buildZip } from '../../samples/build-zip'
import { drawnPhantoms } from '../../samples/drawn-phantoms'
import { hasSharedData, sharedData } from '../../shared-data'
import { overread, overreadJson } from './overread'

const pictures = drawnPhantoms()
let folder = ''
let archive = ''
const at = (...path: string[]) => join(folder, ...path)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-cli-'))
  archive = at('archive')
  mkdirSync(at('in', 'deep', 'er'), { recursive: true })
  pictures.forEach(({ bytes }, index) => writeFileSync(at('in', ...(index % 2 ? ['deep', 'er'] : []), `${index}`), bytes))
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
  expect(document).toMatchObject({ stored: pictures.length, known: 0, skipped: 1 })
  expect(document.failed).toHaveLength(1)
  expect(document.failed[0]).toMatchObject({ file: at('in', 'cut'), code: expect.stringMatching(/^(file|dicom|pixels)\./) })
  expect(code).toBe(1)
  expect(
    createHash('sha256')
      .update(readFileSync(at('in', '0')))
      .digest('hex'),
  ).toBe(before)
})

test('the same instance twice is one; the same identifier with other pixels is kept out and reported', async () => {
  const other = readFileSync(at('in', '2'))
  other[other.length - 1] ^= 1
  writeFileSync(at('in', '2'), other)
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
  expect(whole.document).toMatchObject({ instances: pictures.length, problems: [] })
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

test('inspect says why, in text that a terminal takes for nothing but text', async () => {
  const hostile = at('hostile')
  writeFileSync(
    hostile,
    buildObject(
      pictureElements(
        { rows: 2, columns: 2, bitsAllocated: 8, photometric: 'MONOCHROME1' },
        [0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4)],
        [
          [0x00080005, 'CS', 'ISO_IR 192'],
          [0x00090010, 'LO', 'MAKER\x1b[31m'],
          [0x00091001, 'LO', 'secret'],
          [0x00100010, 'PN', Buffer.from('A\u202eB^\x1b[2J', 'utf8')],
          [0x00104000, 'LT', 'one\r\ntwo'],
          [0x00281050, 'DS', '3'],
          [0x00281051, 'DS', '4'],
          [0x00281055, 'LO', Buffer.from('W\u009b1m', 'utf8')],
        ],
      ),
    ),
  )
  const { code, stdout } = await overread('inspect', hostile)
  expect(code).toBe(0)
  expect(stdout).toMatch(/\n {2}Inversion +Inverted, as MONOCHROME1 asks for\.\n +by \(0028,0004\) Photometric Interpretation\n/)
  expect(stdout).toMatch(/\n {2}Window +Shown first: the file's window, centre 3, width 4, LINEAR “W\ufffd1m”\.\n/)
  expect(stdout).toMatch(/\n {2}\(0009,1001\) {2}LO {2}Private, MAKER\ufffd\[31m +secret\n/)
  expect(stdout).toMatch(/\n {2}\(0010,4000\) {2}LT {2}Patient Comments +one ↵ two\n/)
  expect(stdout).toContain('A\ufffdB^\ufffd[2J')
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
  const json = await overread('inspect', hostile, '--json')
  expect(json.stdout.trimEnd()).not.toMatch(/\p{Cc}|\p{Cf}/u)
  expect((JSON.parse(json.stdout) as { reasons: { subject: string }[] }).reasons.map(({ subject }) => subject)).toContain('Window')
})

test('an archive that is not there lists nothing', async () => {
  expect(await overreadJson('list', '--archive', at('none'))).toEqual({ code: 0, document: [] })
})

test('a ZIP is opened, what is damaged in it is listed by its name, and the ZIP in it is opened too', async () => {
  const [first, second, third] = pictures
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

test('a disc image is opened as a ZIP is, and the ZIP in it too', async () => {
  const [first, second, third] = pictures
  const image = buildIso(
    [
      { name: 'DICOMDIR', bytes: buildDirectory([['IMAGES', 'IM1']]) },
      { name: 'AUTORUN.EXE', bytes: new TextEncoder().encode('MZ, a viewer') },
      {
        name: 'IMAGES',
        longName: 'Bilder',
        entries: [
          { name: 'IM1', bytes: first.bytes, extentBytes: 2048 },
          { name: 'IM2', bytes: second.bytes.slice(0, 700) },
        ],
      },
      { name: 'MORE.ZIP', bytes: buildZip([{ name: 'c', bytes: third.bytes }]) },
    ],
    { joliet: true },
  )
  writeFileSync(at('cd.iso'), image)
  const { code, document } = await overreadJson<Imported>('import', at('cd.iso'), '--archive', at('from-image'))
  expect(document).toMatchObject({ stored: 2, known: 0, skipped: 2 })
  expect(document.failed).toEqual([expect.objectContaining({ file: `${at('cd.iso')}!Bilder/IM2` })])
  expect(code).toBe(1)
  const check = await overreadJson<{ problems: unknown[] }>('archive', 'check', '--archive', at('from-image'))
  expect(check.document.problems).toEqual([])
})

/** A small object of its own. */
const numbered = (index: number) =>
  buildObject(
    pictureElements(
      { rows: 2, columns: 2, bitsAllocated: 8 },
      [0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4)],
      [[0x00080018, 'UI', `1.2.${index}`]],
    ),
  )

test('a ZIP of more objects than a batch holds, in a ZIP: each is stored once', async () => {
  const inner = buildZip(Array.from({ length: 600 }, (_, index) => ({ name: `${index}`, bytes: numbered(index), deflated: true })))
  writeFileSync(at('many.zip'), buildZip([{ name: 'inner.zip', bytes: inner }]))
  const { code, document } = await overreadJson<Imported>('import', at('many.zip'), '--archive', at('from-many'))
  expect(document).toEqual({ stored: 600, known: 0, corrected: 0, skipped: 0, failed: [] })
  expect(code).toBe(0)
})

test('what was read of a container before it is refused is stored', async () => {
  const bytes = new Uint8Array(100)
  const overlapping = Array.from({ length: 9 }, (_, index) => ({ name: `Z${index}`, bytes, stated: { block: 18, length: 9000 + index } }))
  writeFileSync(at('overlapping.iso'), buildIso([{ name: 'GOOD', bytes: numbered(7) }, ...overlapping]))
  const { document } = await overreadJson<Imported>('import', at('overlapping.iso'), '--archive', at('from-overlapping'))
  expect(document).toMatchObject({ stored: 1, known: 0 })
  expect(document.failed).toContainEqual(expect.objectContaining({ file: at('overlapping.iso'), code: 'dicom.limit' }))
})

const buildDirectory = (paths: readonly (readonly string[])[]) =>
  buildObject([
    [
      0x00041220,
      'SQ',
      paths.map((path): SampleElement[] => [
        [0x00041430, 'CS', 'IMAGE'],
        [0x00041500, 'CS', path.join('\\')],
      ]),
    ],
  ])

describe('a DICOMDIR named by itself', () => {
  /** A medium of three pictures, of which `named` stand in its DICOMDIR. */
  function medium(name: string, directory: Uint8Array): string {
    const images = at(name, 'Images')
    mkdirSync(images, { recursive: true })
    pictures.slice(0, 3).forEach(({ bytes }, index) => writeFileSync(join(images, `im${index}`), bytes))
    writeFileSync(at(name, 'dicomdir'), directory)
    return at(name, 'dicomdir')
  }
  const named = async (path: string, ...more: string[]) =>
    (await overreadJson<Imported>('import', path, ...more, '--archive', `${path}-archive`)).document

  test('stands for the files it names, in any case', async () => {
    const path = medium('right', buildDirectory([['IMAGES', 'IM0'], ['images', 'im1'], ['IMAGES', 'IM0']])) // prettier-ignore
    expect(await named(path)).toEqual({ stored: 2, known: 0, corrected: 0, skipped: 1, failed: [] })
  })

  test.each([
    { why: 'names a file that is not there', directory: buildDirectory([['IMAGES', 'IM0'], ['IMAGES', 'IM7']]), code: 'dicomdir.missing', says: '1 of 2' },
    { why: 'names a folder', directory: buildDirectory([['IMAGES']]), code: 'dicomdir.missing', says: '1 of 1' },
    { why: 'leads out of the medium', directory: buildDirectory([['..', 'IM0']]), code: 'dicomdir.missing', says: '1 of 1' },
    { why: 'names none', directory: buildDirectory([]), code: 'dicomdir.empty', says: '' },
    { why: 'is cut off', directory: buildDirectory([['IMAGES', 'IM0']]).subarray(0, 200), code: 'dicomdir.damaged', says: '' },
    { why: 'is no DICOM', directory: new TextEncoder().encode('nothing of the kind'), code: 'dicomdir.damaged', says: '' },
  ])('and $why: its folder is read, each file once, and the reader is told', async ({ why, directory, code, says }) => {
    const path = medium(why, directory)
    const { failed, ...counts } = await named(path)
    expect(counts).toEqual({ stored: 3, known: 0, corrected: 0, skipped: 0 })
    expect(failed).toEqual([{ file: path, code, message: expect.stringContaining('what its folder holds was read instead') }])
    expect(failed[0].message).toContain(says)
  }) // prettier-ignore

  test('beside its own files and folders, each file is taken once', async () => {
    const wrong = buildDirectory([['IMAGES', 'IM0'], ['IMAGES', 'IM7']]) // prettier-ignore
    const path = medium('several', wrong)
    expect(await named(path, at('several', 'Images', 'im1'))).toMatchObject({ stored: 3, known: 0 })
    const again = medium('several again', wrong)
    expect(await named(again, at('several again', 'Images'))).toMatchObject({ stored: 3, known: 0 })
    const twice = medium('twice', buildDirectory([['IMAGES', 'IM0']]))
    writeFileSync(at('twice', 'DICOMDIR.'), wrong)
    expect(await named(twice, at('twice', 'DICOMDIR.'))).toMatchObject({ stored: 3, known: 0 })
  })

  test('a wrong one in a folder is told, and the folder read once', async () => {
    const path = medium('in a folder', buildDirectory([['IMAGES', 'IM7']]))
    const { failed, ...counts } = await named(at('in a folder'))
    expect(counts).toEqual({ stored: 3, known: 0, corrected: 0, skipped: 0 })
    expect(failed).toEqual([expect.objectContaining({ file: path, code: 'dicomdir.missing' })])
    expect(failed[0].message).not.toContain('instead')
  })
})

describe.skipIf(!hasSharedData)('the DICOMDIRs of real media', () => {
  const media = join(sharedData, 'dicom/pydicom/dicomdirtests')

  test('stand for the files they name; in a folder they are passed over', async () => {
    const named = await overreadJson<Imported>('import', join(media, 'DICOMDIR'), '--archive', at('from-directory'))
    expect(named.document).toEqual({ stored: 31, known: 0, corrected: 0, skipped: 1, failed: [] })
    const folder = await overreadJson<Imported>('import', media, '--archive', at('from-directory'))
    expect(folder.document.failed).toEqual([
      expect.objectContaining({ file: join(media, 'TINY_ALPHA', 'DICOMDIR'), code: 'dicomdir.missing' }),
    ])
    expect(folder.document.known).toBe(31)
  })

  test('one that names 46 files more than there are: the four that are there, once', async () => {
    const path = join(media, 'TINY_ALPHA', 'DICOMDIR')
    const { document } = await overreadJson<Imported>('import', path, '--archive', at('from-tiny'))
    expect(document).toMatchObject({ stored: 4, known: 0, skipped: 0 })
    expect(document.failed).toEqual([expect.objectContaining({ file: path, message: expect.stringContaining('46 of 50') })])
  })
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

test.each(['import', 'list', 'models', 'points', 'analyze', 'frame', 'inspect', 'archive'])('%s --help exits with 0', async (command) => {
  const { code, stdout } = await overread(command, '--help')
  expect(code).toBe(0)
  expect(stdout).toContain(`overread ${command}`)
})
