/** Two thousand damaged headers: each is read or refused with a code, quickly, and the next good one is right. */
import { expect, test } from 'vitest'
import { OverreadError } from '../../contracts/errors'
import { instanceFactsSchema } from '../../contracts/dicom-facts'
import { bytesSource } from '../../main/base/byte-source'
import { describeObject } from '../../main/dicom/describe-object'
import { directoryContents } from '../../main/dicom/dicomdir'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { orderSeries } from '../../main/geometry/series-order'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { explainPicture } from '../../main/pixels/explain-picture'
import { overlayPlanes } from '../../main/pixels/overlay-planes'
import { buildObject, pictureElements, syntaxes, type SampleElement, type SampleForm } from '../samples/build-object'
import { mutate, Watch } from './mutate'

const mutants = 2000

const lut: SampleElement[] = [
  [0x00283002, 'US', [4, 0, 16]],
  [0x00283006, 'OW', [1, 2, 3, 4]],
]
const elements = pictureElements(
  { rows: 6, columns: 5, bitsAllocated: 16, bitsStored: 12, frames: 2 },
  [0x7fe00010, 'OW', new Uint8Array(120).fill(3)],
  [
    [0x00080005, 'CS', 'ISO 2022 IR 100\\ISO 2022 IR 87'],
    [0x00080060, 'CS', 'MR'],
    [0x00081140, 'SQ', [[[0x00081155, 'UI', '1.2.5']], [[0x00081111, 'SQ', [[[0x00080100, 'SH', 'deep']]]]]]],
    [0x00100010, 'PN', 'A^B=\x1b$B;3ED\x1b(B'],
    [0x00200032, 'DS', '1\\2\\3'],
    [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    [0x00280030, 'DS', '2\\0.5'],
    [0x00280120, 'US', [4000]],
    [0x00281050, 'DS', '50'],
    [0x00281051, 'DS', '100'],
    [0x00283000, 'SQ', [lut]],
    [0x00283010, 'SQ', [lut]],
    [0x52009230, 'SQ', [[[0x00209113, 'SQ', [[[0x00200032, 'DS', '1\\2\\9']]]]], []]],
    [0x60000010, 'US', [6]],
    [0x60000011, 'US', [5]],
    [0x60003000, 'OB', new Uint8Array(4)],
  ],
)

const forms: readonly (readonly [string, SampleForm])[] = [
  ['explicit', {}],
  ['implicit', { transferSyntax: syntaxes.implicit }],
  ['big endian', { transferSyntax: syntaxes.bigEndian }],
  ['deflated', { transferSyntax: syntaxes.deflated }],
  ['without stated lengths', { undefinedLengths: true }],
]

/** All that the product does with a file. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const object = readDicomObject(bytesSource(bytes))
  const attempts: (() => unknown)[] = [
    () => orderSeries([instanceFactsSchema.parse(instanceFacts(object))]),
    () => describeObject(object),
    () => explainPicture(object, 1, { code: 'internal', message: 'The seed says more.' }),
    async () => explainPicture(object, 0, (await decodeFrame(object, 0, 'modality')).description),
    () => directoryContents(object),
    () => overlayPlanes(object, 0),
    () => decodeFrame(object, 0, 'display'),
    () => decodeFrame(object, 1, 'modality'),
  ]
  for (const attempt of attempts) {
    try {
      await attempt()
    } catch (error) {
      if (!(error instanceof OverreadError)) throw error
    }
  }
}

test.each(forms)(`${mutants} mutants, %s`, async (_, form) => {
  const good = buildObject(elements, form)
  const expected = [...(await decodeFrame(readDicomObject(bytesSource(good)), 0, 'display')).samples]
  const watch = new Watch()
  for (let seed = 0; seed < mutants; seed++) {
    try {
      await watch.run(`seed ${seed}`, () => readAll(mutate(good, seed, 132)))
    } catch (error) {
      if (!(error instanceof OverreadError)) throw new Error(`seed ${seed}: no fault of the catalogue`, { cause: error })
    }
  }
  expect(watch.slowestMs, watch.slowest).toBeLessThan(2000)
  expect(watch.highestMb).toBeLessThan(256)
  expect([...(await decodeFrame(readDicomObject(bytesSource(good)), 0, 'display')).samples]).toEqual(expected)
})
