/** The classes that an engine finds by itself are proven by the golden case as its scores are. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { goldenFault } from '../../../main/inference/golden-case'
import { openOnnxSession, type EngineSession } from '../../../main/inference/onnx-session'
import { loadModelPackage } from '../../../main/networks/package'
import { writeVolumePackage } from '../../integration/inference/volume-packages'

const folder = mkdtempSync(join(tmpdir(), 'overread-golden-classes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is said of a session whose classes are changed before they are looked at; its scores are right. */
async function faultWhere(change: (classes: Uint8Array) => Uint8Array, tolerance = 1e-5): Promise<string | null> {
  writeVolumePackage(folder, { golden: { input: 'input.npy', outputs: { scores: 'scores.npy' }, tolerance } })
  const loaded = await loadModelPackage(folder)
  const session = await openOnnxSession(loaded, 'cpu', 1)
  const changed: EngineSession = { ...session, classes: async (...given) => change(await session.classes!(...given)) }
  try {
    return await goldenFault(changed, loaded)
  } finally {
    await session.release()
  }
}

const at = (voxel: number, number: number) => (classes: Uint8Array) =>
  Uint8Array.from(classes, (own, index) => (index === voxel ? number : own))

test('those of the greatest score are right', async () => {
  expect(await faultWhere((classes) => classes)).toBeNull()
})

// The first voxel holds 0, the third 0.74: background, and just core.
test.each([
  { what: 'another class', change: at(0, 2), fault: 'it finds another class at 1 of 64 voxels than the golden case' },
  { what: 'a class that is not there', change: at(0, 7), fault: 'it finds another class at 1 of 64 voxels than the golden case' },
  { what: 'fewer classes', change: (classes: Uint8Array) => classes.slice(1), fault: 'it finds 63 classes, 64 in the golden case' },
])('$what is a fault', async ({ change, fault }) => {
  expect(await faultWhere(change)).toBe(fault)
})

test('of two scores that the tolerance does not tell apart either may be the greater', async () => {
  // 0.44 and 0.48
  expect(await faultWhere(at(2, 1))).toMatch(/another class at 1/)
  expect(await faultWhere(at(2, 1), 0.03)).toBeNull()
})
