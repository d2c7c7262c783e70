import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { InstanceFacts } from '../../../contracts/dicom-facts'
import { bytesSource } from '../../../main/base/byte-source'
import { sha256 } from '../../../main/base/hashing'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import {
  chestPhantom,
  headFlairPhantom,
  headSlices,
  plantedLesion,
  plantedOpacity,
  writePhantoms,
  type PhantomInstance,
} from '../../../main/interchange/phantoms'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { temporaryFolder } from '../archive/fixtures'

interface Picture {
  readonly facts: InstanceFacts
  readonly at: (column: number, row: number) => number
}

async function open({ bytes }: PhantomInstance): Promise<Picture> {
  const object = readDicomObject(bytesSource(bytes))
  const facts = instanceFacts(object)
  const { samples } = await decodeFrame(object, 0, 'stored')
  return { facts, at: (column, row) => Number(samples[Math.round(row) * facts.image!.columns + Math.round(column)]) }
}

let drawn: PhantomInstance[]
let head: Picture[]
let chest: Picture
beforeAll(async () => {
  drawn = [...headFlairPhantom(), chestPhantom()]
  head = await Promise.all(drawn.slice(0, -1).map(open))
  chest = await open(drawn.at(-1)!)
}, 60_000)

describe('the head', () => {
  test('is a series of axial slices, 5 mm apart, with its whole geometry', () => {
    expect(head).toHaveLength(headSlices)
    const positions = head.map(({ facts }) => facts.image!.geometry[0]!.position!)
    positions.forEach(([x, y, z], index) => {
      expect([x, y]).toEqual([-119.85, -119.85])
      expect(z - positions[0]![2]).toBeCloseTo(index * 5, 9)
    })
    const [first] = head
    expect(first!.facts).toMatchObject({
      series: { modality: 'MR', bodyPart: 'HEAD' },
      echoTimeMs: 120,
      repetitionTimeMs: 9000,
      inversionTimeMs: 2500,
      image: {
        rows: 256,
        columns: 256,
        geometry: [{ pixelSpacing: [0.94, 0.94], orientation: [1, 0, 0, 0, 1, 0], spacingOrigin: 'patient' }],
      },
    })
    expect(new Set(head.map(({ facts }) => facts.seriesInstanceUid)).size).toBe(1)
    expect(new Set(head.map(({ facts }) => facts.sopInstanceUid)).size).toBe(headSlices)
  })

  test('holds one lesion of the stated place and volume', () => {
    // Half-way between white matter (300) and lesion (540): there the planted ellipsoid ends.
    const halfWay = 420
    let voxels = 0
    let [sumX, sumY, sumZ] = [0, 0, 0]
    head.forEach(({ at, facts }) => {
      const z = facts.image!.geometry[0]!.position![2]
      for (let row = 0; row < 256; row++) {
        for (let column = 0; column < 256; column++) {
          const [x, y] = [-119.85 + 0.94 * column, -119.85 + 0.94 * row]
          const near = [x, y, z].every(
            (value, axis) => Math.abs(value - plantedLesion.centreMm[axis]!) < plantedLesion.semiAxesMm[axis]! * 1.3,
          )
          if (!near || at(column, row) < halfWay) continue
          voxels++
          sumX += x
          sumY += y
          sumZ += z
        }
      }
    })
    const measuredMl = (voxels * 0.94 * 0.94 * 5) / 1000
    expect(measuredMl / plantedLesion.volumeMl).toBeGreaterThan(0.95)
    expect(measuredMl / plantedLesion.volumeMl).toBeLessThan(1.05)
    const [x, y, z] = plantedLesion.centreMm
    expect(Math.abs(sumX / voxels - x)).toBeLessThan(0.5)
    expect(Math.abs(sumY / voxels - y)).toBeLessThan(0.5)
    expect(Math.abs(sumZ / voxels - z)).toBeLessThan(1)
    expect(head[plantedLesion.slice - 1]!.at(plantedLesion.column, plantedLesion.row)).toBeGreaterThan(halfWay)
  })

  test('tells left from right: the lesion lies in the left half, the marker at the right of the patient', () => {
    const { at } = head[12]!
    const mirrored = 255 - plantedLesion.column
    expect(at(plantedLesion.column, plantedLesion.row)).toBeGreaterThan(1.4 * at(mirrored, plantedLesion.row))
    const brightBeside = (columns: readonly number[]) =>
      columns.some((column) => Array.from({ length: 40 }, (_, row) => at(column, 114 + row)).some((value) => value > 500))
    expect(brightBeside([40, 41, 42])).toBe(true)
    expect(brightBeside([213, 214, 215])).toBe(false)
  })
})

describe('the chest', () => {
  test('is a frontal radiograph for presentation', () => {
    expect(chest.facts).toMatchObject({
      sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
      series: { modality: 'DX', bodyPart: 'CHEST' },
      viewPosition: 'PA',
      presentationIntentType: 'FOR PRESENTATION',
      patientOrientation: ['L', 'F'],
      image: { rows: 1024, columns: 1000, bitsStored: 12, photometricInterpretation: 'MONOCHROME2' },
    })
  })

  test('claims no size in the patient: its spacing is that of the detector', () => {
    expect(chest.facts.image!.geometry[0]!.spacingOrigin).toBe('detector')
  })

  test('is brighter where the opacity is planted than at the same place of the other lung', () => {
    const mean = (column: number) => {
      let sum = 0
      for (let row = -20; row <= 20; row++)
        for (let along = -20; along <= 20; along++) sum += chest.at(column + along, plantedOpacity.row + row)
      return sum / 41 ** 2
    }
    expect(mean(plantedOpacity.column)).toBeGreaterThan(1.25 * mean(999 - plantedOpacity.column + 40))
  })
})

test('every picture says that it is a phantom, in the header and burnt in', () => {
  for (const { facts } of [...head, chest]) {
    expect(facts.patient.patientName).toMatch(/^PHANTOM\^(HEAD|CHEST)$/)
    expect(facts.patient.patientId).toMatch(/^OVERREAD-PHANTOM-/)
    expect(facts.study.description).toContain('synthetic phantom')
    expect(facts.series.description).toContain('synthetic phantom')
  }
  // The stem and the bow of the P against the air beside it.
  for (const { at } of head) expect([at(6, 244), at(6, 248), at(8, 245)].every((value) => value === 500) && at(7, 245) < 100).toBe(true)
  expect([chest.at(642, 18), chest.at(642, 38), chest.at(652, 23)]).toEqual([3600, 3600, 3600])
})

test('identifiers never change for the same drawing: archives hold them', () => {
  expect(drawn[0]!.sopInstanceUid).toBe('2.25.53132411803423423976983726540904390353')
  expect(chest.facts.sopInstanceUid).toBe('2.25.206450967961894663425231284560868392874')
})

test('the phantoms are written into the archive, the same at each drawing, and removed from there', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'tmp'))
  const written = await writePhantoms(folder)
  const files = readdirSync(written.path).sort()
  expect(files.map((file) => sha256(readFileSync(join(written.path, file))))).toEqual(drawn.map(({ bytes }) => sha256(bytes)))
  expect(readdirSync(join(folder, 'tmp'))).toHaveLength(1)
  await written.remove()
  expect(readdirSync(join(folder, 'tmp'))).toEqual([])
})
