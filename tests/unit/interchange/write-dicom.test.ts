import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { newUid, uidFromText } from '../../../main/interchange/uid'
import { explicitLittleEndian, writeDicom, type NaturalDataSet } from '../../../main/interchange/write-dicom'

const object: NaturalDataSet = {
  _vrMap: { PixelData: 'OW' },
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SOPInstanceUID: '1.2.3.4',
  StudyInstanceUID: '1.2',
  SeriesInstanceUID: '1.2.3',
  PatientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
  PatientID: 'Ä-7',
  Modality: 'MR',
  Rows: 2,
  Columns: 3,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
  PixelSpacing: [2, 0.5],
  ImagePositionPatient: ['-119.85', '0', '1e-3'],
  ReferencedStudySequence: [{ ReferencedSOPClassUID: '1.2.9', ReferencedSOPInstanceUID: '1.2.10' }],
  PixelData: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
}

test('what is written is read by our own reader as it was meant', () => {
  const read = readDicomObject(bytesSource(writeDicom(object)))
  const facts = instanceFacts(read)
  expect(facts).toMatchObject({ sopInstanceUid: '1.2.3.4', transferSyntaxUid: explicitLittleEndian })
  expect(facts.patient).toMatchObject({ patientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう', patientId: 'Ä-7' })
  expect(facts.image).toMatchObject({ rows: 2, columns: 3, bitsStored: 12 })
  expect(facts.image!.geometry[0]).toMatchObject({ pixelSpacing: [2, 0.5] })
})

test('the meta group states its own length, and the identifiers of the object', () => {
  const bytes = Buffer.from(writeDicom(object))
  expect(bytes.subarray(128, 132).toString()).toBe('DICM')
  expect(bytes.subarray(132, 140).toString('hex')).toBe('02000000554c0400')
  const end = 144 + bytes.readUInt32LE(140)
  expect(bytes.readUInt16LE(end)).toBe(0x0008)
  const meta = bytes.subarray(144, end).toString('latin1')
  for (const text of ['1.2.840.10008.5.1.4.1.1.4', '1.2.3.4', explicitLittleEndian, 'OVERREAD_']) expect(meta).toContain(text)
})

test('elements stand in rising order and the pixels last, as they were given', () => {
  const bytes = writeDicom(object)
  expect([...bytes.subarray(-12)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
})

const hasDcmdump = spawnSync('dcmdump', ['--version']).status === 0
test.skipIf(!hasDcmdump)('DCMTK reads the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overread-write-'))
  try {
    writeFileSync(join(folder, 'a.dcm'), writeDicom(object))
    const dump = execFileSync('dcmdump', ['--quiet', '+U8', join(folder, 'a.dcm')], { encoding: 'utf8' })
    expect(dump).toContain('[Yamada^Tarou=山田^太郎=やまだ^たろう]')
    expect(dump).toMatch(/\(0028,0030\) DS \[2\\0\.5\]/)
    expect(dump).toMatch(/\(0008,1110\) SQ .*\n\s+\(fffe,e000\)[^\n]*\n\s+\(0008,1150\) UI \[1\.2\.9\]/)
    expect(dump).toMatch(/\(7fe0,0010\) OW 0201\\0403\\0605\\0807\\0a09\\0c0b/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  ['a keyword that does not exist', { PatientNom: 'x' }, /PatientNom/],
  ['a value that is too long', { PatientID: 'x'.repeat(65) }, /PatientID/],
  [
    'one too long within a sequence',
    { ReferencedStudySequence: [{ ReferencedSOPInstanceUID: '1'.repeat(65) }] },
    /ReferencedSOPInstanceUID/,
  ],
  ['one of several that is too long', { ImageType: ['ORIGINAL', 'X'.repeat(17)] }, /ImageType/],
  ['no identifier', { SOPInstanceUID: null }, /SOPInstanceUID/],
])('EXPECTED FAILURE: %s', (_, change, message) => {
  expect(() => writeDicom({ ...object, ...change })).toThrow(
    expect.objectContaining({ code: 'dicom.attribute', message: expect.stringMatching(message) }),
  )
})

test('a UID from a text is always the same, a new one never; both are valid and below 2.25', () => {
  expect(uidFromText('a')).toBe(uidFromText('a'))
  expect(uidFromText('a')).not.toBe(uidFromText('b'))
  expect(newUid()).not.toBe(newUid())
  for (const uid of [uidFromText('a'), newUid()]) {
    expect(uid).toMatch(/^2\.25\.[1-9]\d{36,38}$/)
    expect(uid.length).toBeLessThanOrEqual(64)
    // The form of a UUID: its variant and version.
    const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0')
    expect(hex[16]).toMatch(/[89ab]/)
    expect(hex[12]).toMatch(/[48]/)
  }
})
