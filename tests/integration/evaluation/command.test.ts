/** The command as its users run it, with the packages that are installed. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../main/evaluation/evaluation'
import { buildObject, encapsulate, syntaxes } from '../../samples/build-object'
import { hasSharedData, repository, sharedData } from '../../shared-data'
import { overread, overreadJson } from '../cli/overread'
import { LabelledFolderWriter } from './labelled-folder'

let root = ''
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'overread-evaluation-command-'))))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Document = Evaluation & { readonly report: string }

/** Soft shapes that no network knows. */
function drawnFolder(name: string, pictures: number): LabelledFolderWriter {
  const folder = new LabelledFolderWriter(join(root, name))
  for (let index = 0; index < pictures; index++) {
    folder
      .picture(`p${index}.png`, 200, 180, (row, column) => 1000 + Math.round(800 * Math.sin((row + index) / 20) * Math.cos(column / 17)))
      .mask('lungs', `p${index}.png`, 200, 180, (row, column) => row > 50 && row < 150 && column > 30 && column < 80)
  }
  return folder
}

test('prints one document, writes the report it names, and leaves nothing behind', async () => {
  const folder = drawnFolder('drawn', 3)
  const report = join(root, 'reports/lungs.html')
  const { code, document } = await overreadJson<Document>(
    'evaluate',
    '--model',
    'chest-lungs',
    '--data',
    folder.path,
    '--report',
    report,
    '--resamples',
    '50',
  )
  expect(code).toBe(0)
  expect(Object.keys(document)).toEqual([
    'schemaVersion',
    'notice',
    'model',
    'signature',
    'provider',
    'createdAt',
    'data',
    'settings',
    'leftOut',
    'overridden',
    'unchecked',
    'screening',
    'cautions',
    'classification',
    'segmentation',
    'report',
  ])
  expect(document).toMatchObject({ report, data: { pictures: 3, png: 3 }, settings: { resamples: 50 } })
  const page = readFileSync(report, 'utf8')
  expect(page).toContain(document.model.sha256)
  expect(page).toContain('came with Overread')
  expect(page).not.toMatch(/p0\.png|overread-evaluate/)
})

test('writes a new report of its own name where none is named, and prints a table', async () => {
  const folder = drawnFolder('table', 2)
  const working = join(root, 'working')
  mkdirSync(working)
  const child = spawn(
    process.execPath,
    [join(repository, 'out/node/cli.js'), 'evaluate', '--model', 'chest-lungs', '--data', folder.path, '--resamples', '20', '--override'],
    { cwd: working, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let stdout = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  expect(await new Promise((done) => child.on('close', done))).toBe(0)
  expect(stdout).toMatch(/2 of 2 pictures analysed, 2 patients[\s\S]*Dice a patient, mean\s+[01]\.\d{3}[\s\S]*Research use only/)
  expect(readdirSync(working)).toEqual([expect.stringMatching(/^overread-evaluation-chest-lungs-\d+\.\d+\.\d+-\d{8}T\d{6}Z\.html$/)])
})

test.each([
  { args: ['--model', 'chest-lungs'], says: '--model and --data' },
  { args: ['--model', 'x', '--data', '.', '--prevalence', '1.5'], says: '--prevalence' },
  { args: ['--model', 'x', '--data', '.', '--assume-spacing', '1,2'], says: '--assume-spacing' },
  { args: ['--model', 'x', '--data', '.', '--missing-mask', 'full'], says: '--missing-mask' },
  { args: ['--model', 'x', '--data', '.', '--threshold', '0.5,2'], says: '--threshold' },
  { args: ['--model', 'x', '--data', '.', '--seed', '-1'], says: '--seed' },
  { args: ['--model', 'x', '--data', '.', '--resamples', '0'], says: '--resamples' },
  { args: ['--model', 'x', '--data', '.', '--provider', 'abacus'], says: '--provider' },
])('usage: $args is not understood', async ({ args, says }) => {
  const { code, stderr } = await overread('evaluate', ...args)
  expect(code).toBe(2)
  expect(stderr.split('\n')[0]).toContain(says)
})

test('a folder that is not laid out as it must be is refused with what it needs', async () => {
  const folder = new LabelledFolderWriter(join(root, 'empty'))
  const { code, document } = await overreadJson<{ error: { code: string; message: string } }>(
    'evaluate',
    '--model',
    'chest-pneumonia',
    '--data',
    folder.path,
  )
  expect([code, document.error.code]).toEqual([1, 'evaluation.folder'])
  expect(document.error.message).toContain('labels.csv with a column pneumonia')
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with a code and leaves no temporary file', async (signal) => {
  const folder = drawnFolder(`stopped-${signal}`, 60)
  const temporary = join(root, `temporary-${signal}`)
  // Of a process that is no more: no system gives numbers as high.
  mkdirSync(join(temporary, 'overread-evaluate-2147483646-x'), { recursive: true })
  const child = spawn(
    process.execPath,
    [
      join(repository, 'out/node/cli.js'),
      'evaluate',
      '--model',
      'chest-lungs',
      '--data',
      folder.path,
      '--report',
      join(root, 'none.html'),
      '--json',
    ],
    { env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let stdout = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  const ended = new Promise((done) => child.on('close', done))
  const objects = () => readdirSync(temporary, { recursive: true }).filter((name) => String(name).endsWith('.dcm'))
  await expect.poll(() => objects().length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0)
  child.kill(signal)
  expect(await ended).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'compute.cancelled' } })
  expect(readdirSync(temporary)).toEqual([])
  expect(existsSync(join(root, 'none.html'))).toBe(false)
})

describe.skipIf(!hasSharedData)('the packages on a part of their validation data', () => {
  const learn = join(sharedData, 'learn')

  test('pneumonia: JPEG films as DICOM, labels by SOP Instance UID', async () => {
    const folder = new LabelledFolderWriter(join(root, 'pneumonia'))
    const rows = ['sopInstanceUid,pneumonia']
    for (const [group, label] of [
      ['normal', 0],
      ['bacteria', 1],
    ] as const) {
      const source = join(learn, 'chest-pneumonia/validation', group)
      for (const [index, name] of readdirSync(source).sort().slice(0, 12).entries()) {
        const uid = `1.2.3.${label}.${index}`
        folder.file(`images/${group}/${index}`, film(readFileSync(join(source, name)), uid))
        rows.push(`${uid},${label}`)
      }
    }
    folder.file('labels.csv', rows.join('\n'))
    const { code, document } = await overreadJson<Document>(
      'evaluate',
      '--model',
      'chest-pneumonia',
      '--data',
      folder.path,
      '--report',
      join(root, 'p.html'),
      '--resamples',
      '50',
    )
    expect(code).toBe(0)
    expect(document.classification[0]).toMatchObject({ label: 'pneumonia', pictures: 24, patients: 24, positives: 12, negatives: 12 })
    expect(document.classification[0].auc.value).toBeGreaterThan(0.95)
  })

  test('lungs: masks of one bit', async () => {
    const folder = new LabelledFolderWriter(join(root, 'lungs'))
    const source = join(learn, 'chest-lungs/validation')
    for (const [index, name] of readdirSync(join(source, 'masks')).sort().slice(0, 8).entries()) {
      folder
        .file(`images/${index}.dcm`, film(readFileSync(join(source, 'images', name.replace('.png', '.jpg'))), `1.2.3.4.${index}`))
        .file(`masks/lungs/${index}.png`, readFileSync(join(source, 'masks', name)))
    }
    const { code, document } = await overreadJson<Document>(
      'evaluate',
      '--model',
      'chest-lungs',
      '--data',
      folder.path,
      '--report',
      join(root, 'l.html'),
      '--resamples',
      '50',
    )
    expect(code).toBe(0)
    expect(document.segmentation[0]).toMatchObject({ pictures: 8, picturesWithTruth: 8 })
    expect(document.segmentation[0].dicePerPicture.mean.value).toBeGreaterThan(0.9)
    expect(document.segmentation[0].hausdorff95[0].unit).toBe('px')
  })
})

/** A grey JPEG as the DICOM object of a film, each of its own patient. */
function film(jpeg: Uint8Array, uid: string): Uint8Array {
  const [rows, columns] = sizeOf(jpeg)
  const word = (value: number) => [value]
  return buildObject(
    [
      [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.1'],
      [0x00080018, 'UI', uid],
      [0x00080060, 'CS', 'CR'],
      [0x00180015, 'CS', 'CHEST'],
      [0x00100020, 'LO', uid],
      [0x0020000d, 'UI', `${uid}.1`],
      [0x0020000e, 'UI', `${uid}.2`],
      [0x00280002, 'US', word(1)],
      [0x00280004, 'CS', 'MONOCHROME2'],
      [0x00280010, 'US', word(rows)],
      [0x00280011, 'US', word(columns)],
      [0x00280100, 'US', word(8)],
      [0x00280101, 'US', word(8)],
      [0x00280102, 'US', word(7)],
      [0x00280103, 'US', word(0)],
      [0x7fe00010, 'encapsulated', encapsulate([jpeg])],
    ],
    { transferSyntax: syntaxes.jpegBaseline },
  )
}

/** By the start of its frame: rows and columns. */
function sizeOf(jpeg: Uint8Array): [number, number] {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    if (jpeg[at + 1] >= 0xc0 && jpeg[at + 1] <= 0xc2) return [view.getUint16(at + 5), view.getUint16(at + 7)]
  }
}
