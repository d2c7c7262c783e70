/** A site's own operating point through the built engine: what it changes, what keeps its own, and what does not inherit it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { analysisResultSchema, type AnalysisResult } from '../../../contracts/analysis'
import type { EngineEvent } from '../../../contracts/protocol'
import { Engine } from '../../../main/host/engine'
import { handlersOf, type Handlers } from '../../../main/host/handlers'
import { hostPaths } from '../../../main/host/paths'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { identityGraph, identityPackage, writePackage } from '../inference/tiny-packages'
import { jobEnded } from './job-ended'

const side = 32
const folder = mkdtempSync(join(tmpdir(), 'overread-points-'))
let engine: Engine
let handlers: Handlers
let studyKey: number

/** A step of 64 pixels at 0.9 and one of 64 pixels at 0.4, apart from each other, in air of 0.01. */
function writeSeries(): string {
  const files = join(folder, 'files')
  mkdirSync(files)
  const pixels = Int16Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side]
    const within = (start: number) => row >= start && row < start + 8 && column >= start && column < start + 8
    return within(2) ? 900 : within(20) ? 400 : 10 + (at % 3)
  })
  writeSlice(files, 0, { rows: side, columns: side, pixels }, 0)
  return files
}

/** The same answers of other weights, where `nodes` differ. */
function writeModel(version: string, nodes: 1 | 2): void {
  const graph = identityGraph(side)
  const chain =
    nodes === 1
      ? graph.nodes
      : [
          { op: 'Identity', inputs: ['image'], outputs: ['between'] },
          { op: 'Identity', inputs: ['between'], outputs: ['map'] },
        ]
  writePackage(join(folder, 'models/tiny'), identityPackage(side, { version }), { ...graph, nodes: chain }, (input) => ({
    map: { shape: [1, 1, side, side], values: input },
  }))
}

async function open(): Promise<void> {
  const paths = { ...hostPaths(pathToFileURL(join(repository, 'out/node/cli.js')).href), models: [join(folder, 'models')] }
  engine = await Engine.open({ archiveFolder: join(folder, 'archive'), paths, startCompute: computeStarter(paths.compute) })
  handlers = handlersOf(engine)
}

async function restart(): Promise<void> {
  await engine.close()
  await open()
}

beforeAll(async () => {
  writeModel('1.0.0', 1)
  await open()
  const { studyKeys } = await engine.importPaths([writeSeries()])
  studyKey = studyKeys[0]
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function analyse(): Promise<AnalysisResult> {
  const ended = jobEnded(engine)
  const request = { studyKey, series: null, frames: null, modelId: 'tiny', override: false, provider: 'cpu' } as const
  await handlers['analysis.start']({ ...request, requestId: crypto.randomUUID() })
  const { resultId, error } = await ended
  expect(error).toBeNull()
  return (await results()).find((result) => result.resultId === resultId)!
}

const results = async () => (await handlers['results.list']({ studyKey })).results
const inForce = async () => (await handlers['operating-points.list']({ modelId: 'tiny' })).inForce
const set = (settingId: string, threshold: number) =>
  handlers['operating-point.set']({ settingId, modelId: 'tiny', label: 'spot', choice: { kind: 'typed', threshold }, comment: '' })

const ofPackage = [{ label: 'spot', threshold: 0.5, source: 'package', name: 'outline' }]
const ofSite = [{ label: 'spot', threshold: 0.3, source: 'site', name: null }]
let before: AnalysisResult

test("without a setting the package's point holds", async () => {
  expect(await inForce()).toEqual(ofPackage)
  before = await analyse()
  expect(before.operatingPoints).toEqual(ofPackage)
  expect(before.findings).toMatchObject([{ pixels: 64, operatingPoint: 0.5, operatingPointSource: 'package', above: true }])
  expect(before.images[0].maskPixels).toEqual({ spot: 64 })
})

test('at a site setting other findings and another mask; what was found before keeps its own point', async () => {
  const told: EngineEvent[] = []
  const forget = engine.subscribe((event) => void told.push(event))
  expect(await set('first', 0.3)).toMatchObject({ sequence: 1, modelVersion: '1.0.0', threshold: 0.3, packageThreshold: 0.5 })
  forget()
  expect(told).toEqual([{ event: 'operating-points.changed', modelId: 'tiny' }])
  expect(await inForce()).toEqual(ofSite)
  expect((await results())[0]).toEqual(before)

  const after = await analyse()
  expect(() => analysisResultSchema.parse(after)).not.toThrow()
  expect(after.operatingPoints).toEqual(ofSite)
  expect(after.findings.map(({ pixels, operatingPoint, operatingPointSource }) => [pixels, operatingPoint, operatingPointSource])).toEqual([
    [64, 0.3, 'site'],
    [64, 0.3, 'site'],
  ])
  expect(after.images[0].maskPixels).toEqual({ spot: 128 })
  const key = { ...after.images[0], studyKey, resultId: after.resultId, label: 'spot', kind: 'mask' } as const
  const mask = await handlers['overlay.get'](key)
  expect(mask!.bytes.reduce((sum, value) => sum + value, 0)).toBe(128)
})

test('it is there after a restart, and a request that is repeated is one setting', async () => {
  await restart()
  await set('first', 0.3)
  const { history } = await handlers['operating-points.list']({ modelId: 'tiny' })
  expect(history.map(({ settingId }) => settingId)).toEqual(['first'])
  expect((await analyse()).operatingPoints).toEqual(ofSite)
})

test('other weights do not inherit it, nor does another version of the same; the history stays', async () => {
  await engine.close()
  writeModel('1.1.0', 2)
  await open()
  expect(await inForce()).toEqual(ofPackage)
  expect((await analyse()).findings).toHaveLength(1)
  await engine.close()
  writeModel('1.2.0', 1)
  await open()
  const points = await handlers['operating-points.list']({ modelId: 'tiny' })
  expect(points.inForce).toEqual(ofPackage)
  expect(points.model).toMatchObject({ version: '1.2.0' })
  expect(points.history.map(({ modelVersion }) => modelVersion)).toEqual(['1.0.0'])
  await engine.close()
  writeModel('1.0.0', 1)
  await open()
  expect(await inForce()).toEqual(ofSite)
})

test('EXPECTED FAILURE: a model, a label or a name that is not there', async () => {
  const request = { settingId: 'x', modelId: 'tiny', label: 'spot', choice: { kind: 'package' }, comment: '' } as const
  const refused = (changes: object) => expect(handlers['operating-point.set']({ ...request, ...changes })).rejects
  await refused({ modelId: 'none' }).toMatchObject({ code: 'model.missing' })
  await refused({ label: 'ghost' }).toMatchObject({ code: 'model.operating-point' })
  await refused({ choice: { kind: 'named', name: 'none' } }).toMatchObject({ code: 'model.operating-point' })
  expect(await handlers['operating-points.list']({ modelId: 'none' })).toEqual({ model: null, inForce: [], history: [] })
})
