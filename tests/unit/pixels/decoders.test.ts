/** Decoders over files of public collections. Needs ../shared/data; own samples cover the same paths in round-trip.test.ts. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSource } from '../../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../../main/dicom/dicom-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'
import { imageAttributes } from '../../../main/pixels/image-attributes'
import { hasSharedData, sharedData } from '../../shared-data'
import { referenceFiles, refusedFiles } from './reference'

async function withObject<T>(path: string, use: (object: DicomObject) => Promise<T>): Promise<T> {
  const source = fileSource(join(sharedData, 'dicom', path))
  try {
    return await use(readDicomObject(source))
  } finally {
    source.close()
  }
}

test.skipIf(!hasSharedData).each(referenceFiles)('$what ($path)', async ({ path, hash }) => {
  const ours = await withObject(path, async (object) => {
    const sum = createHash('sha256')
    for (let frameIndex = 0; frameIndex < imageAttributes(object).numberOfFrames; frameIndex++) {
      const { samples } = await decodeFrame(object, frameIndex, 'stored')
      sum.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
    }
    return sum.digest('hex').slice(0, 16)
  })
  // Hashes of HTJ2K are of the first frame, and these files have one.
  expect(ours).toBe(hash)
})

test.skipIf(!hasSharedData).each(refusedFiles)('EXPECTED FAILURE $path', async ({ path, says }) => {
  await expect(withObject(path, (object) => decodeFrame(object, 0, 'stored'))).rejects.toThrow(says)
})

/** A point within each patch of the SMPTE pattern that IHE's test images show, and its P-value in per cent. */
const patches = [
  { percent: 0, column: 127, row: 335 },
  { percent: 10, column: 127, row: 282 },
  { percent: 20, column: 127, row: 232 },
  { percent: 30, column: 127, row: 180 },
  { percent: 40, column: 170, row: 195 },
  { percent: 50, column: 235, row: 195 },
  { percent: 60, column: 318, row: 195 },
  { percent: 70, column: 385, row: 180 },
  { percent: 80, column: 385, row: 232 },
  { percent: 90, column: 385, row: 282 },
  { percent: 100, column: 385, row: 335 },
]

test.skipIf(!hasSharedData).each([
  { path: 'pydicom-data/vlut_04.dcm', by: 'a VOI LUT sequence' },
  { path: 'pydicom-data/mlut_18.dcm', by: 'a modality LUT sequence' },
])('$path shows the grey patches of IHE within 0.3 %, by $by', async ({ path }) => {
  const { description, samples } = await withObject(path, (object) => decodeFrame(object, 0, 'display'))
  for (const { percent, column, row } of patches) {
    const shown = (samples[row * description.columns + column] / 255) * 100
    expect(Math.abs(shown - percent), `${percent} %, shown ${shown.toFixed(2)}`).toBeLessThanOrEqual(0.3)
  }
})
