/** A thousand damaged ZIPs and five hundred damaged manufacturer's headers: read or refused with a code, quickly. */
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OverreadError } from '../../contracts/errors'
import { bytesSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { mosaicLayout } from '../../main/dicom/siemens-mosaic'
import { readZip } from '../../main/dicom/zip'
import { buildZip } from '../samples/build-zip'
import { hasSharedData, sharedData } from '../shared-data'
import { mutate, Watch } from './mutate'

test('1000 mutants of a ZIP', async () => {
  const inner = buildZip([{ name: 'deep', bytes: new Uint8Array(300).fill(7), deflated: true }])
  const good = buildZip([
    { name: 'DICOM/a', bytes: new Uint8Array(500).fill(1), deflated: true },
    { name: 'inner.zip', bytes: inner, deflated: true },
    { name: 'b', bytes: new Uint8Array(200).fill(2) },
  ])
  const watch = new Watch()
  let whole = 0
  for (let seed = 0; seed < 1000; seed++) {
    try {
      let taken = 0
      await watch.run(`seed ${seed}`, () =>
        readZip(
          bytesSource(mutate(good, seed)),
          () => void taken++,
          ({ error }) => expect(error).toBeInstanceOf(OverreadError),
        ),
      )
      if (taken === 3) whole++
    } catch (error) {
      if (!(error instanceof OverreadError)) throw new Error(`seed ${seed}: no fault of the catalogue`, { cause: error })
    }
  }
  expect(watch.slowestMs, watch.slowest).toBeLessThan(2000)
  expect(watch.highestMb).toBeLessThan(256)
  // Most damage hits what is checked; a ZIP that is read to the end after it was hit in its names alone.
  expect(whole).toBeLessThan(500)
})

test.skipIf(!hasSharedData)('500 mutants of a mosaic', async () => {
  const good = readFileSync(join(sharedData, 'dicom/dcm-qa/dcm_qa_12bit/In/12bitSigned_0x0F0F.dcm'))
  const watch = new Watch()
  for (let seed = 0; seed < 500; seed++) {
    try {
      await watch.run(`seed ${seed}`, () => mosaicLayout(readDicomObject(bytesSource(mutate(good.subarray(0, 60_000), seed, 132)))))
    } catch (error) {
      if (!(error instanceof OverreadError)) throw new Error(`seed ${seed}: no fault of the catalogue`, { cause: error })
    }
  }
  expect(watch.slowestMs, watch.slowest).toBeLessThan(2000)
})
