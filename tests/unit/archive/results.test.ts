import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analysisResultSchema } from '../../../contracts/analysis'
import { openArchive, type Archive } from '../../../main/archive/archive'
import { stageOverlay } from '../../../main/archive/staging'
import { finding, imageResult, result, store, temporaryArchive, temporaryFolder } from './fixtures'

const failingWith = (code: string) => expect.objectContaining({ code })

function head() {
  const { images: _images, findings: _findings, structures: _structures, incomplete: _incomplete, ...rest } = result({ imagesTotal: 2 })
  return rest
}
function ending(of: ReturnType<typeof head>) {
  const { gate, overridden, provider, providersFailed, timing, computePeakBytes, notes } = of
  return { gate, overridden, provider, providersFailed, timing, computePeakBytes, notes, incomplete: null, findings: [], structures: [] }
}
const heatmap = (value: number) => ({
  label: 'abnormality',
  kind: 'heatmap' as const,
  rows: 4,
  columns: 3,
  bytes: new Uint8Array(24).fill(value),
})

test('a result comes back as it went in, newest first', () => {
  const archive = temporaryArchive()
  const key = store(archive, { instance: '1' }, { instance: '2' })
  const first = result({
    images: [imageResult('2'), imageResult('1')],
    findings: [finding(), finding({ above: false })],
    notes: ['slice gaps are uneven'],
  })
  const second = result({ images: [imageResult('1')], incomplete: { code: 'compute.cancelled', message: 'cancelled' } })
  archive.appendResult(key, first)
  archive.appendResult(key, second)
  const { results } = archive.listResults(key)
  expect(results).toEqual([second, first])
  expect(results.every((one) => analysisResultSchema.safeParse(one).success)).toBe(true)
})

test('after a kill a result holds the pictures done and says that it has not ended', () => {
  const folder = join(temporaryFolder(), 'archive')
  const archive = openArchive(folder)
  const key = store(archive, { instance: '1' }, { instance: '2' })
  const begun = head()
  archive.beginResult(key, begun)
  archive.appendImages(begun.resultId, [{ image: imageResult('1'), overlays: [heatmap(7)] }])
  // Read by another connection, without an orderly end of the first.
  const reader = openArchive(folder, { readOnly: true })
  const [found] = reader.listResults(key).results
  expect(found).toMatchObject({ images: [imageResult('1')], findings: [], incomplete: { code: 'analysis.unfinished' } })
  expect(found!.incomplete!.message).toContain('analysed 1 of 2 images')
  expect(analysisResultSchema.safeParse(found).success).toBe(true)
  expect(reader.getOverlay(key, { resultId: begun.resultId, ...imageResult('1'), label: 'abnormality', kind: 'heatmap' })!.bytes).toEqual(
    new Uint8Array(24).fill(7),
  )
  reader.close()
  archive.close()
})

test('a job that runs again goes on with its result: what is done stays, what is new is added', () => {
  const archive = temporaryArchive()
  const key = store(archive, { instance: '1' }, { instance: '2' })
  const begun = head()
  archive.beginResult(key, begun)
  archive.appendImages(begun.resultId, [{ image: imageResult('1'), overlays: [heatmap(1)] }])
  archive.beginResult(key, begun)
  archive.appendImages(begun.resultId, [
    { image: { ...imageResult('1'), probabilities: { abnormality: 0.9 } }, overlays: [heatmap(2)] },
    { image: imageResult('2'), overlays: [] },
  ])
  archive.finishResult(begun.resultId, {
    ...ending(begun),
    provider: 'webgpu',
    providersFailed: [{ provider: 'cuda', reason: 'none here' }],
  })
  const found = archive.readResult(begun.resultId)
  expect(found.images).toEqual([imageResult('1'), imageResult('2')])
  expect(found).toMatchObject({ incomplete: null, provider: 'webgpu', providersFailed: [{ provider: 'cuda', reason: 'none here' }] })
  expect(archive.getOverlay(key, { resultId: begun.resultId, ...imageResult('1'), label: 'abnormality', kind: 'heatmap' })!.bytes[0]).toBe(
    1,
  )
})

test('EXPECTED FAILURE: a result that ended takes nothing more', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  const ended = result()
  archive.appendResult(key, ended)
  expect(() => archive.appendImages(ended.resultId, [])).toThrow(failingWith('request.invalid'))
  expect(() => archive.finishResult(ended.resultId, ending(head()))).toThrow(failingWith('request.invalid'))
  expect(() => archive.appendResult(key, ended)).toThrow(failingWith('request.invalid'))
  expect(archive.listResults(key).results).toEqual([ended])
})

test('EXPECTED FAILURE: a result of a series or picture that is not there', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  expect(() => archive.appendResult(key, result({ seriesInstanceUid: '1.2.3.9' }))).toThrow(failingWith('archive.missing'))
  expect(() => archive.appendResult(key, result({ images: [imageResult('9')] }))).toThrow(/FOREIGN KEY/)
  expect(() => archive.readResult('none')).toThrow(failingWith('request.unknown'))
  expect(archive.listResults(key).results).toEqual([])
})

test('overlays come back by result, frame, label and kind; what is not there is null', () => {
  const archive = temporaryArchive()
  const key = store(archive, { instance: '1', frames: 2 })
  const begun = head()
  archive.beginResult(key, begun)
  const mask = { label: 'abnormality', kind: 'mask' as const, rows: 4, columns: 3 }
  const staged = stageOverlay(new Uint8Array(12).fill(1), archive.folder)
  archive.appendImages(begun.resultId, [
    { image: imageResult('1'), overlays: [heatmap(9), { ...mask, ...staged }] },
    { image: imageResult('1', { frameIndex: 1 }), overlays: [{ ...mask, bytes: new Uint8Array(12).fill(1) }] },
  ])
  const at = (frameIndex: number, kind: 'heatmap' | 'mask', label = 'abnormality') =>
    archive.getOverlay(key, { resultId: begun.resultId, sopInstanceUid: '1.2.3.1.1.1', frameIndex, label, kind })
  expect(at(0, 'heatmap')).toEqual({ rows: 4, columns: 3, bytes: new Uint8Array(24).fill(9) })
  expect(at(0, 'mask')).toEqual({ rows: 4, columns: 3, bytes: new Uint8Array(12).fill(1) })
  expect(at(1, 'mask')).toEqual(at(0, 'mask'))
  expect([at(1, 'heatmap'), at(0, 'mask', 'lungs'), at(2, 'mask')]).toEqual([null, null, null])
  // Equal masks share a file.
  expect(files(archive)).toHaveLength(2)
  expect(readdirSync(join(archive.folder, 'tmp'))).toEqual([])
  const other = store(archive, { study: '2' })
  expect(
    archive.getOverlay(other, {
      resultId: begun.resultId,
      sopInstanceUid: '1.2.3.1.1.1',
      frameIndex: 0,
      label: 'abnormality',
      kind: 'mask',
    }),
  ).toBeNull()
})

test('EXPECTED FAILURE: an overlay that is not of its size, and one that was changed on the disk', () => {
  const archive = temporaryArchive()
  const key = store(archive, {})
  const begun = head()
  archive.beginResult(key, begun)
  expect(() => archive.appendImages(begun.resultId, [{ image: imageResult('1'), overlays: [{ ...heatmap(1), rows: 5 }] }])).toThrow(
    failingWith('request.invalid'),
  )
  archive.appendImages(begun.resultId, [{ image: imageResult('1'), overlays: [heatmap(1)] }])
  const [file] = files(archive)
  writeFileSync(file!, Buffer.concat([readFileSync(file!), Buffer.from([0])]))
  const read = () => archive.getOverlay(key, { resultId: begun.resultId, ...imageResult('1'), label: 'abnormality', kind: 'heatmap' })
  expect(read).toThrow(failingWith('archive.integrity'))
})

function files(archive: Archive): string[] {
  return readdirSync(join(archive.folder, 'results'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
