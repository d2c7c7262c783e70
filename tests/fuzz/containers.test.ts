/** A thousand damaged ZIPs, as many disc images and five hundred damaged manufacturer's headers: read or refused with a code, quickly. */
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OverreadError } from '../../contracts/errors'
import { bytesSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { mosaicLayout } from '../../main/dicom/siemens-mosaic'
import { readContainer } from '../../main/dicom/container'
import { uniform } from '../../main/interchange/phantoms/noise'
import { buildIso } from '../samples/build-iso'
import { buildZip } from '../samples/build-zip'
import { hasSharedData, sharedData } from '../shared-data'
import { mutate, Watch } from './mutate'

/** Reads a thousand mutants of a container; answers how many of them gave all three files. */
async function readMutants(mutantOf: (seed: number) => Uint8Array): Promise<number> {
  const watch = new Watch()
  let whole = 0
  for (let seed = 0; seed < 1000; seed++) {
    try {
      let taken = 0
      await watch.run(`seed ${seed}`, () =>
        readContainer(
          bytesSource(mutantOf(seed)),
          ({ source }) => {
            taken++
            expect(source.read(0, source.size).length).toBe(source.size)
          },
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
  return whole
}

test('1000 mutants of a ZIP', async () => {
  const inner = buildZip([{ name: 'deep', bytes: new Uint8Array(300).fill(7), deflated: true }])
  const good = buildZip([
    { name: 'DICOM/a', bytes: new Uint8Array(500).fill(1), deflated: true },
    { name: 'inner.zip', bytes: inner, deflated: true },
    { name: 'b', bytes: new Uint8Array(200).fill(2) },
  ])
  const whole = await readMutants((seed) => mutate(good, seed))
  // Most damage hits what is checked; a ZIP that is read to the end after it was hit in its names alone.
  expect(whole).toBeLessThan(500)
})

test('1000 mutants of a disc image', async () => {
  const zip = buildZip([{ name: 'deep', bytes: new Uint8Array(300).fill(7), deflated: true }])
  const good = buildIso(
    [
      { name: 'DICOMDIR', bytes: new Uint8Array(500).fill(1) },
      { name: 'IMAGES', longName: 'Images', entries: [{ name: 'IM1', bytes: new Uint8Array(5000).fill(2), extentBytes: 2048 }] },
      { name: 'INNER.ZIP', bytes: zip },
    ],
    { joliet: true },
  )
  // Behind the system area, where most bytes are zeros that nobody reads: the descriptors, folders and the ZIP are what is hit.
  const meaningful = 16 * 2048
  const whole = await readMutants((seed) => damageImage(good, seed, meaningful))
  // Damage that hits one of the two trees, or what stands in a file, leaves all three files to be found; the rest must be noticed.
  expect(whole).toBeLessThan(900)
})

/** Most of an image is padding: half of the mutants are hit in the bytes that are not zero, the others anywhere. */
function damageImage(image: Uint8Array, seed: number, from: number): Uint8Array {
  if (seed % 2 === 0) return mutate(image, seed, from)
  const random = uniform(seed)
  const written = [...image.keys()].filter((at) => at >= from && image[at] !== 0)
  const mutant = Uint8Array.from(image)
  for (let change = 0; change < 6; change++) mutant[written[Math.floor(random() * written.length)]] = Math.floor(random() * 256)
  return mutant
}

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
