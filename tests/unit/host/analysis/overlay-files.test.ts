import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { heatmapFileName, maskFileName, writeHeatmap, writeMask } from '../../../../main/host/analysis/overlay-files'
import { readNpy } from '../../../../main/networks/npy'

let folder = ''
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'overread-overlay-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a mask is an 8-bit PNG of 0 and 255, row by row', () => {
  const name = maskFileName(3, 'lungs')
  writeMask(folder, name, Uint8Array.of(0, 1, 1, 1, 0, 0), 2, 3)
  const png = decode(readFileSync(join(folder, name)))
  expect([png.width, png.height, png.channels, png.depth]).toEqual([3, 2, 1, 8])
  expect([...png.data]).toEqual([0, 255, 255, 255, 0, 0])
})

test('a heatmap is a 32-bit float array of rows x columns', () => {
  const name = heatmapFileName(1, 'pneumonia')
  writeHeatmap(folder, name, Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.125), 3, 2)
  const bytes = readFileSync(join(folder, name))
  const array = readNpy(bytes)
  expect(array.shape).toEqual([3, 2])
  expect([...array.values]).toEqual([0, 0.25, 0.5, 0.75, 1, 0.125])
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'))
  expect((10 + bytes.readUInt16LE(8)) % 64).toBe(0)
})
