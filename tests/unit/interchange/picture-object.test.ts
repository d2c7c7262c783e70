import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { pictureObject } from '../../../main/interchange/picture-object'
import { decodeFrame } from '../../../main/pixels/decode-frame'

const place = { sopInstanceUid: '2.25.1', seriesInstanceUid: '2.25.2', studyInstanceUid: '2.25.3', instanceNumber: 4 }
const read = (samples: Uint8Array | Uint16Array) => readDicomObject(bytesSource(pictureObject({ rows: 3, columns: 3, samples }, place)))

// Nine bytes: one more must be written and none be shown.
const eight = Uint8Array.of(0, 1, 2, 3, 127, 128, 200, 254, 255)

test('8 bits are shown as they are, also where neither black nor white occurs', async () => {
  expect([...(await decodeFrame(read(eight), 0, 'display')).samples]).toEqual([...eight])
  const middle = Uint8Array.from(eight, (_, index) => 100 + index)
  expect([...(await decodeFrame(read(middle), 0, 'display')).samples]).toEqual([...middle])
})

test('16 bits keep every value', async () => {
  const sixteen = Uint16Array.of(0, 1, 255, 256, 4095, 4096, 32768, 65534, 65535)
  expect([...(await decodeFrame(read(sixteen), 0, 'modality')).samples]).toEqual([...sixteen])
})

test('nothing is stated that a picture does not say', () => {
  const facts = instanceFacts(read(eight))
  expect(facts).toMatchObject({
    sopInstanceUid: '2.25.1',
    instanceNumber: 4,
    series: { modality: 'OT', bodyPart: '' },
    patient: { patientId: '' },
  })
  expect(facts.image!.geometry[0]).toMatchObject({ position: null, orientation: null, pixelSpacing: null })
})
