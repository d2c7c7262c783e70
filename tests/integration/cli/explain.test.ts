import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Explanation } from '../../../contracts/explanation'
import { readNpy } from '../../../main/networks/npy'
import { drawnChest, drawnHead } from '../../samples/drawn-phantoms'
import { overread, overreadJson } from './overread'

type Document = Explanation & {
  readonly heatmap: string
  readonly trusted: boolean
  readonly distrust: string | null
  readonly how: string
}

const folder = mkdtempSync(join(tmpdir(), 'overread-explain-'))
const chest = join(folder, 'chest.dcm')
const head = join(folder, 'head.dcm')
beforeAll(() => {
  mkdirSync(join(folder, 'out'))
  writeFileSync(chest, drawnChest().bytes)
  writeFileSync(head, drawnHead()[0].bytes)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const map = (name: string) => readNpy(readFileSync(join(folder, 'out', name))).values

test('the exact map of the pneumonia network, two averaged ones, is the local score that its graph gives itself', async () => {
  const out = ['--out', join(folder, 'out')]
  const { code, document } = await overreadJson<Document>('explain', chest, '--model', 'chest-pneumonia', ...out)
  expect(code).toBe(0)
  expect(document).toMatchObject({ method: 'cam', how: 'exact', trusted: document.distrust === null, label: 'pneumonia' })
  expect(document.trust.deletion.places).toBeGreaterThan(0)
  const explained = map(document.heatmap).slice()
  type Analysis = { results: { images: { heatmaps: Record<string, { file: string }>; probabilities: Record<string, number> }[] }[] }
  const analysed = await overreadJson<Analysis>('analyze', chest, '--model', 'chest-pneumonia', ...out)
  const [image] = analysed.document.results[0].images
  expect(document.score).toBeCloseTo(image.probabilities.pneumonia, 5)
  const own = map(image.heatmaps.pneumonia.file)
  expect(explained.length).toBe(own.length)
  let furthest = 0
  for (let i = 0; i < own.length; i++) furthest = Math.max(furthest, Math.abs(own[i] - explained[i]))
  expect(furthest).toBeLessThan(1e-4)
})

test('a network without a map of its own is explained exactly too', async () => {
  const { document } = await overreadJson<Document>('explain', chest, '--model', 'chest-input-check', '--label', 'suitable')
  expect(document).toMatchObject({ method: 'cam', label: 'suitable' })
})

test('what the network refuses is not explained, unless overridden, which the answer says', async () => {
  const refused = await overreadJson<{ error: { code: string } }>('explain', head, '--model', 'chest-pneumonia')
  expect(refused).toMatchObject({ code: 1, document: { error: { code: 'gate.modality' } } })
  const overridden = await overreadJson<{ contradictions: string[] }>('explain', head, '--model', 'chest-pneumonia', '--override')
  expect(overridden.code).toBe(0)
  expect(overridden.document.contradictions.length).toBeGreaterThan(0)
})

test.each([
  ['a method that is none', ['--method', 'guess'], 2],
  ['a frame that is none', ['--frame', '0'], 2],
  ['a label that is none', ['--label', 'health'], 1],
])('refuses %s', async (_, options, code) => {
  expect((await overread('explain', chest, '--model', 'chest-pneumonia', ...options)).code).toBe(code)
})
