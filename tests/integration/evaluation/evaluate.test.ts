/** Networks whose answers are known by construction, measured on folders whose figures are then known too. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportPage } from '../../../main/evaluation/report/page'
import { evaluateFolder, type EvaluationRequest } from '../../../main/host/evaluation/evaluate'
import { buildPng } from '../../samples/build-png'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { identityPackage, stackGraph, writeIdentityPackage, writePackage, writeScorerPackage } from '../inference/tiny-packages'
import { LabelledFolderWriter } from './labelled-folder'

const entry = pathToFileURL(join(repository, 'out/node/cli.js')).href
const side = 32
let root = ''
let models = ''
let folders = 0

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'overread-evaluation-test-'))
  models = join(root, 'models')
  writeScorerPackage(join(models, 'scorer'), side)
  writeIdentityPackage(join(models, 'outliner'), side, { id: 'outliner' })
  writeStackReader()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function writeStackReader(): void {
  const description = identityPackage(side, {
    id: 'stack-reader',
    input: { name: 'image', kind: 'stack', shape: [1, 3, side, side], layout: 'NCHW', type: 'float32' },
  })
  const channel = side * side
  writePackage(join(models, 'stack-reader'), description, stackGraph(side), (input) => ({
    map: {
      shape: [1, 1, side, side],
      values: Float32Array.from(
        { length: channel },
        (_, at) => 0.25 * input[at] + 0.5 * input[channel + at] + 0.25 * input[2 * channel + at],
      ),
    },
  }))
}

const newFolder = () => new LabelledFolderWriter(join(root, `data${folders++}`))

async function evaluate(folder: LabelledFolderWriter, modelId: string, more: Partial<EvaluationRequest> = {}) {
  const failures: string[] = []
  const outcome = await evaluateFolder(entry, {
    folder: folder.path,
    modelId,
    models: [models],
    archive: null,
    provider: 'cpu',
    override: false,
    missingMask: 'unlabelled',
    thresholds: [],
    prevalence: null,
    assumedSpacing: null,
    seed: 1,
    resamples: 100,
    onFailure: (file, { code }) => failures.push(`${file} ${code}`),
    ...more,
  })
  return { ...outcome, failures }
}

/** A mean of `level` in two greys, as a picture of one grey is refused. */
const around = (level: number) => (_row: number, column: number) => level + (column % 2 === 0 ? 50 : -50)
const scoreOf = (level: number) => 1 / (1 + Math.exp(4 - (8 * level) / 1000))
const temporaryFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`overread-evaluate-${process.pid}-`))

describe('scores of pictures', () => {
  const known = [
    { level: 100, positive: false },
    { level: 300, positive: true },
    { level: 520, positive: false },
    { level: 700, positive: true },
    { level: 900, positive: true },
  ]
  const withKnown = () => {
    const folder = newFolder()
    for (const { level } of known) folder.picture(`p${level}.png`, side, side, around(level))
    return folder
  }
  const rows = known.map(({ level, positive }) => `p${level}.png,${level < 400 ? 'first' : `patient ${level}`},${Number(positive)}`)

  test('give the area, rates and Brier score that they must', async () => {
    const folder = withKnown().file('labels.csv', ['file,patient,bright', ...rows].join('\r\n'))
    const { evaluation, faulty, failures } = await evaluate(folder, 'scorer', { prevalence: 0.1, thresholds: [0.9] })
    expect([faulty, failures, evaluation.leftOut]).toEqual([false, [], []])
    expect(evaluation.data).toMatchObject({ files: 5, dicom: 0, png: 5, pictures: 5, analysed: 5, patients: 4 })
    const [label] = evaluation.classification
    expect(label).toMatchObject({ label: 'bright', pictures: 5, patients: 4, positives: 3, negatives: 2, notKnown: 0 })
    // Of six pairs only that of 300 and 520 is the wrong way round.
    expect(label.auc.value).toBeCloseTo(5 / 6, 12)
    const squares = known.map(({ level, positive }) => (scoreOf(level) - Number(positive)) ** 2)
    expect(label.brier.value).toBeCloseTo(squares.reduce((sum, square) => sum + square, 0) / 5, 5)
    const [middle, low, asked] = label.operatingPoints
    expect(middle).toMatchObject({ name: 'middle', inForce: true, sensitivity: { value: 2 / 3 }, specificity: { value: 1 / 2 } })
    expect(low).toMatchObject({ name: 'low', inForce: false, sensitivity: { value: 1 }, specificity: { value: 1 / 2 } })
    // Of the three alone 900 scores above 0.9.
    expect(asked).toMatchObject({ name: 'asked for', inForce: false, sensitivity: { value: 1 / 3 }, specificity: { value: 1 } })
    expect(middle.atPrevalence!.positivePredictiveValue.value).toBeCloseTo((0.1 * (2 / 3)) / (0.1 * (2 / 3) + 0.9 * 0.5), 12)
    expect(evaluation.unchecked).toContainEqual({ what: 'modality', pictures: 5 })
    expect(evaluation.cautions).toHaveLength(2)
    expect(temporaryFolders()).toEqual([])
  })

  test('are the same again for the same seed, and the hash of the data is', async () => {
    const folder = withKnown().file('labels.csv', ['file,patient,bright', ...rows].join('\n'))
    const [first, second] = [await evaluate(folder, 'scorer'), await evaluate(folder, 'scorer')]
    expect({ ...second.evaluation, createdAt: '' }).toEqual({ ...first.evaluation, createdAt: '' })
    folder.file('labels.csv', ['file,patient,bright', ...rows].join('\n').replace('900,1', '900,0'))
    const third = await evaluate(folder, 'scorer')
    expect(third.evaluation.data.sha256).not.toBe(first.evaluation.data.sha256)
  })

  test('leave out what cannot be measured, by reason, without a name', async () => {
    const folder = withKnown()
      .file(
        'labels.csv',
        ['file,patient,bright', ...rows, 'p1.png,x,', 'bomb.png,x,1', 'ct.dcm,x,1', 'absent.png,x,1', 'flat.png,x,1'].join('\n'),
      )
      .picture('p1.png', side, side, around(400))
      .picture('not-in-table.png', side, side, around(400))
      .picture('flat.png', side, side, () => 400)
      .file('images/bomb.png', buildPng({ columns: 4, rows: 4, compressed: deflateSync(new Uint8Array(32 << 20)) }))
      .file('images/notes/MUSTER^ERIKA.txt', 'nothing')
    symlinkSync('/etc/hostname', join(folder.path, 'images/link.png'))
    symlinkSync(join(folder.path, 'images'), join(folder.path, 'images/loop'))
    const pixels = Int16Array.from({ length: side * side }, (_, at) => at % 100)
    mkdirSync(join(root, 'ct'), { recursive: true })
    writeSlice(join(folder.path, 'images'), 0, { rows: side, columns: side, pixels, header: { Modality: 'CT' } }, 0)
    const { evaluation, faulty, failures } = await evaluate(folder, 'scorer')
    expect(Object.fromEntries(evaluation.leftOut.map(({ reason, count }) => [reason, count]))).toEqual({
      'file.other': 3,
      'evaluation.png': 1,
      'gate.modality': 1,
      'inference.constant': 1,
      'table.absent': 1,
      'table.unmatched': 3,
    })
    expect(evaluation.classification[0]).toMatchObject({ pictures: 5, notKnown: 1 })
    expect([faulty, failures]).toEqual([true, ['bomb.png evaluation.png']])
    expect(JSON.stringify(evaluation)).not.toMatch(/MUSTER|bomb|p900|patient 900/)
  })

  test('of a picture that the network refuses count with --override alone, which is said', async () => {
    const folder = withKnown().file('labels.csv', ['sopInstanceUid,bright', '1.2.826.0.1.1,1', '1.2.826.0.1.2,0'].join('\n'))
    for (const [index, level] of [800, 200].entries()) {
      const pixels = Int16Array.from({ length: side * side }, (_, at) => around(level)(0, at))
      writeSlice(
        join(folder.path, 'images'),
        index,
        { rows: side, columns: side, pixels, header: { Modality: 'CT', PatientID: `P${index}` } },
        index,
      )
    }
    const plain = await evaluate(folder, 'scorer')
    expect(plain.evaluation.classification[0]).toMatchObject({ pictures: 0, auc: { value: null } })
    expect(plain.evaluation.leftOut).toContainEqual(expect.objectContaining({ reason: 'gate.modality', count: 2 }))
    const { evaluation } = await evaluate(folder, 'scorer', { override: true })
    expect(evaluation.classification[0]).toMatchObject({ pictures: 2, auc: { value: 1 } })
    expect(evaluation).toMatchObject({ overridden: 2, data: { patientsBy: { header: 2 } } })
  })

  test('of which every one is refused give no figure, but the reason', async () => {
    const folder = newFolder().file('labels.csv', 'sopInstanceUid,bright\n1.2.826.0.1.1,1\n')
    const pixels = Int16Array.from({ length: side * side }, (_, at) => at)
    writeSlice(join(folder.path, 'images'), 0, { rows: side, columns: side, pixels, header: { Modality: 'CT' } }, 0)
    const { evaluation, faulty } = await evaluate(folder, 'scorer')
    expect(faulty).toBe(false)
    expect(evaluation).toMatchObject({
      provider: null,
      data: { pictures: 1, analysed: 0 },
      leftOut: [{ reason: 'gate.modality', count: 1 }],
      classification: [{ pictures: 0, auc: { value: null, interval: null }, roc: [] }],
    })
    expect(reportPage(evaluation)).toContain('no ROC curve')
  })

  test.each([
    { what: 'no folder of pictures', write: () => ({ path: root }) as LabelledFolderWriter, code: 'evaluation.folder' },
    { what: 'no table', write: withKnown, code: 'evaluation.folder' },
    { what: 'a mistyped label', write: () => withKnown().file('labels.csv', 'file,brigth\n'), code: 'evaluation.table' },
    { what: 'nothing to analyse', write: () => newFolder().file('labels.csv', 'file,bright\n'), code: 'inference.no-image' },
  ])('refuse a folder with $what', async ({ write, code }) => {
    await expect(evaluate(write(), 'scorer')).rejects.toMatchObject({ code })
    expect(temporaryFolders()).toEqual([])
  })
})

describe('outlines', () => {
  /** 900 in the first `columns`, 100 elsewhere: the identity outlines just these. */
  const bright = (columns: number) => (_row: number, column: number) => (column < columns ? 900 : 100)
  const left = (columns: number) => (_row: number, column: number) => column < columns

  test('give Dice, distance, pixel rates and what was found at all', async () => {
    const folder = newFolder()
      .file('cases.csv', 'file,patient\na.png,one\nb.png,one\nc.png,two\nd.png,three\n')
      .picture('a.png', side, side, bright(20))
      .mask('spot', 'a.png', side, side, left(16))
      .picture('b.png', side, side, bright(4))
      .mask('spot', 'b.png', side, side, () => false)
      .picture('c.png', side, side, (_row, column) => 100 + column)
      .mask('spot', 'c.png', side, side, left(8))
      .picture('d.png', side, side, bright(10))
      .picture('e.png', side, side, bright(10))
      .mask('spot', 'e.png', 8, 8, left(4))
      .mask('spot', 'nobody.png', side, side, left(4))
    const { evaluation, faulty } = await evaluate(folder, 'outliner')
    const [label] = evaluation.segmentation
    expect(label).toMatchObject({ pictures: 3, patients: 2, picturesWithTruth: 2, picturesWithoutTruth: 1, notLabelled: 1 })
    // Patient one: 16 of 20 + 4 columns; patient two: nothing of 8.
    const first = (2 * 16) / (16 + 24)
    expect(label.cases.map(({ dice }) => dice)).toEqual([0, first])
    expect(label.dicePerPatient.mean.value).toBeCloseTo(first / 2, 12)
    expect(label.dicePerPicture.mean.value).toBeCloseTo((2 * 16) / (16 + 20) / 2, 12)
    // A quarter of each edge lies four columns from the other.
    expect(label.hausdorff95).toMatchObject([{ unit: 'px', values: 1, mean: { value: 4 } }])
    expect(label.withoutDistance).toEqual({ nothingFound: 1, nothingTrue: 1 })
    expect(label.foundAtAll).toMatchObject({ patients: 2, found: 1 })
    expect(label.falseFindings).toMatchObject({ pictures: 1, withFinding: 1, pixels: { most: 4 * side }, volumeMl: null })
    const [point] = label.byPixel.operatingPoints
    expect(point.counts).toEqual({
      truePositives: 16 * side,
      falsePositives: (4 + 4) * side,
      falseNegatives: 8 * side,
      trueNegatives: (12 + 28 + 24) * side,
    })
    expect(Object.fromEntries(evaluation.leftOut.map(({ reason, count }) => [reason, count]))).toEqual({
      'mask.size': 1,
      'mask.unmatched': 1,
    })
    expect(faulty).toBe(true)
  })

  test('count a missing mask as empty where that is said, and lengths by the spacing that is assumed', async () => {
    const folder = newFolder()
      .picture('a.png', side, side, bright(20))
      .mask('spot', 'a.png', side, side, left(16))
      .picture('b.png', side, side, bright(4))
    const { evaluation } = await evaluate(folder, 'outliner', { missingMask: 'empty', assumedSpacing: [3, 0.5, 10] })
    const [label] = evaluation.segmentation
    expect(label).toMatchObject({ pictures: 2, notLabelled: 0, picturesWithoutTruth: 1 })
    expect(label.hausdorff95).toMatchObject([{ unit: 'mm-assumed', mean: { value: 2 } }])
    expect(label.falseFindings.volumeMl).toMatchObject({ assumed: true, most: (4 * side * 3 * 0.5 * 10) / 1000 })
  })

  test('of DICOM are measured by their own spacing and positions', async () => {
    const folder = newFolder()
    for (const [index, columns] of [20, 4].entries()) {
      const pixels = Int16Array.from({ length: side * side }, (_, at) => bright(columns)(0, at % side))
      writeSlice(join(folder.path, 'images'), index, { rows: side, columns: side, pixels }, index * 7)
    }
    folder.mask('spot', 'slice0.png', side, side, left(16)).mask('spot', 'slice1.png', side, side, () => false)
    const { evaluation } = await evaluate(folder, 'outliner', { assumedSpacing: [9, 9, 9] })
    const [label] = evaluation.segmentation
    expect(label.patients).toBe(1)
    // Rows 2 mm apart, columns 0.5 mm, slices 7 mm.
    expect(label.hausdorff95).toMatchObject([{ unit: 'mm', mean: { value: 2, interval: null } }])
    expect(label.falseFindings.volumeMl).toMatchObject({ assumed: false, most: (4 * side * 2 * 0.5 * 7) / 1000 })
  })

  test('are drawn at the threshold that a site has set, and that is said', async () => {
    const folder = newFolder()
      // 700, 450 and 100 from the left.
      .picture('a.png', side, side, (_row, column) => (column < 8 ? 700 : column < 16 ? 450 : 100))
      .mask('spot', 'a.png', side, side, left(16))
    const [plain, site] = [
      await evaluate(folder, 'outliner'),
      await evaluate(folder, 'outliner', { operatingPoints: [{ label: 'spot', threshold: 0.4, source: 'site', name: null }] }),
    ].map(({ evaluation }) => evaluation.segmentation[0])
    expect(plain.dicePerPicture.mean.value).toBeCloseTo(2 / 3, 12)
    expect(plain.byPixel.operatingPoints).toMatchObject([{ threshold: 0.5, inForce: true, siteSetting: false }])
    expect(site.dicePerPicture.mean.value).toBe(1)
    expect(site.byPixel.operatingPoints).toMatchObject([
      { threshold: 0.5, inForce: false, siteSetting: false, sensitivity: { value: 0.5 } },
      { name: 'set for the site', threshold: 0.4, inForce: true, siteSetting: true, sensitivity: { value: 1 } },
    ])
  })

  test('of the frames of one object have a mask each', async () => {
    const folder = newFolder()
    const pixels = Int16Array.from({ length: 2 * side * side }, (_, at) => bright(at < side * side ? 8 : 16)(0, at % side))
    writeSlice(
      join(folder.path, 'images'),
      0,
      { rows: side, columns: side, pixels, header: { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7.3', NumberOfFrames: 2 } },
      0,
    )
    folder.mask('spot', 'slice0-1.png', side, side, left(8)).mask('spot', 'slice0-2.png', side, side, left(16))
    const { evaluation } = await evaluate(folder, 'outliner')
    expect(evaluation.leftOut).toEqual([])
    expect(evaluation.segmentation[0]).toMatchObject({ pictures: 2, dicePerPicture: { mean: { value: 1 } } })
  })

  test('of a network that reads a stack follow the natural order of a folder', async () => {
    const folder = newFolder()
    // The middle slice is dark: its neighbours alone carry it over the threshold, and only where they are its neighbours.
    const levels = { '1': 1000, '2': 0, '10': 1000 }
    for (const [name, level] of Object.entries(levels)) {
      folder
        .picture(`s/${name}.png`, side, side, (_row, column) => (column < 16 ? level : 100))
        .mask('spot', `s/${name}.png`, side, side, left(16))
    }
    const { evaluation } = await evaluate(folder, 'stack-reader')
    expect(evaluation.segmentation[0]).toMatchObject({
      pictures: 3,
      patients: 1,
      dicePerPicture: { mean: { value: 1 } },
    })
  })

  test.each([
    { what: 'a folder for no label of the network', name: 'spott/a.png', code: 'evaluation.folder' },
    { what: 'no folder of masks', name: null, code: 'evaluation.folder' },
  ])('refuse a folder with $what', async ({ name, code }) => {
    const folder = newFolder().picture('a.png', side, side, bright(20))
    if (name !== null) folder.file(`masks/${name}`, 'nothing')
    await expect(evaluate(folder, 'outliner')).rejects.toMatchObject({ code })
  })

  test('that would share a mask are left out', async () => {
    const folder = newFolder()
      .picture('a.png', side, side, bright(8))
      .picture('a.dcm', side, side, bright(8))
      .mask('spot', 'a.png', side, side, left(8))
    const { evaluation, faulty } = await evaluate(folder, 'outliner').catch((error: unknown) => ({ evaluation: error, faulty: null }))
    expect(faulty).toBe(true)
    expect(evaluation).toMatchObject({ segmentation: [{ pictures: 0 }], leftOut: [{ reason: 'mask.shared', count: 2 }] })
  })
})
