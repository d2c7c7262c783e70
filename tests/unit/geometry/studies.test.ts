/** Series of scanners, as they are. Needs ../shared/data. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { planeName } from '../../../main/geometry/orientation'
import { orderSeries } from '../../../main/geometry/series-order'
import { hasSharedData, sharedData } from '../../shared-data'

function seriesOf(folder: string) {
  const path = join(sharedData, 'studies', folder)
  return readdirSync(path)
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => {
      const source = fileSource(join(path, name))
      try {
        return instanceFacts(readDicomObject(source))
      } finally {
        source.close()
      }
    })
}

test.skipIf(!hasSharedData)(
  'pd_head_mr: 7.00 mm from slice to slice in the mean (written to a tenth, 6.96 to 7.06), though the header says 5 and 2',
  () => {
    const order = orderSeries(seriesOf('pd_head_mr'))
    expect(order.slices).toHaveLength(19)
    expect(order.isVolume).toBe(true)
    expect(order.sliceStepMm).toBeCloseTo(6.9966, 3)
    expect(order.remarks.map(({ code }) => code)).toEqual(['order.stated-spacing'])
  },
)

test.skipIf(!hasSharedData)('ct_head_ge: tilted by 18.5 degrees, with uneven gaps: no volume', () => {
  const order = orderSeries(seriesOf('ct_head_ge'))
  expect(order.slices).toHaveLength(28)
  expect(order).toMatchObject({ isVolume: false, sliceStepMm: null, affine: null })
  expect(order.remarks.map(({ code }) => code)).toEqual(['order.gaps', 'order.tilt'])
  expect(order.remarks[0].sentence).toContain('1.08 to 7.00 mm')
  expect(order.remarks[1].sentence).toContain('18.5°')
})

test.skipIf(!hasSharedData)('flair_head_derived: 140 oblique slices of 1 mm', () => {
  const facts = seriesOf('flair_head_derived')
  const order = orderSeries(facts)
  expect(order).toMatchObject({ isVolume: true })
  expect(order.slices).toHaveLength(140)
  expect(order.sliceStepMm).toBeCloseTo(1, 2)
  expect(planeName(facts[0].image!.geometry[0].orientation)).toBe('axial')
})

test.skipIf(!hasSharedData)('t1_head_conformed_derived: 256 coronal slices', () => {
  const facts = seriesOf('t1_head_conformed_derived')
  expect(orderSeries(facts)).toMatchObject({ isVolume: true })
  expect(planeName(facts[0].image!.geometry[0].orientation)).toBe('coronal')
})
