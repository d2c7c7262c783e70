import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { directoryFiles, isDirectory, matchName } from '../../../main/dicom/dicomdir'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { buildObject, type SampleElement } from '../../samples/build-object'
import { hasSharedData, sharedData } from '../../shared-data'

const record = (fileId: string, inUse = 0xffff): SampleElement[] => [
  [0x00041410, 'US', [inUse]],
  [0x00041430, 'CS', 'IMAGE'],
  [0x00041500, 'CS', fileId],
  [0x00041511, 'UI', '1.2.3'],
]
const directory = (records: readonly SampleElement[][]) => readDicomObject(bytesSource(buildObject([[0x00041220, 'SQ', records]])))

test('names files in the order of the records, without those not in use', () => {
  const object = directory([
    [[0x00041430, 'CS', 'PATIENT']],
    record('DICOM\\ST1\\IM1'),
    record('DICOM\\ST1\\IM0', 0),
    record('DICOM\\ST1\\IM2'),
  ])
  expect(isDirectory(object)).toBe(true)
  expect(directoryFiles(object)).toEqual([
    { path: ['DICOM', 'ST1', 'IM1'], recordType: 'IMAGE', sopInstanceUid: '1.2.3' },
    { path: ['DICOM', 'ST1', 'IM2'], recordType: 'IMAGE', sopInstanceUid: '1.2.3' },
  ])
})

test('a file id in one component with separators', () =>
  expect(directoryFiles(directory([record('DICOM/ST1/IM1')]))[0].path).toEqual(['DICOM', 'ST1', 'IM1']))

test.each(['..\\..\\ETC\\PASSWD', 'A/../../B', 'C:\\X', ''])('a file id that leads out of the medium is left out: %s', (fileId) => {
  expect(directoryFiles(directory([record(fileId)]))).toEqual([])
})

test.each([
  { component: 'IM1', names: ['im1', 'IM1'], found: 'IM1' },
  { component: 'IM1', names: ['other', 'im1'], found: 'im1' },
  { component: 'IM1', names: ['IM1.;1'], found: 'IM1.;1' },
  { component: 'IM1', names: ['IM10'], found: null },
])('$component among $names is $found', ({ component, names, found }) => expect(matchName(component, names)).toBe(found))

test('an image is no directory', () =>
  expect(isDirectory(readDicomObject(bytesSource(buildObject([[0x00080018, 'UI', '1.2']]))))).toBe(false))

describe.skipIf(!hasSharedData)('of real media', () => {
  const folder = join(sharedData, 'dicom/pydicom/dicomdirtests')
  const files = (name: string) => {
    const source = fileSource(join(folder, name))
    try {
      return directoryFiles(readDicomObject(source))
    } finally {
      source.close()
    }
  }

  test.each(['DICOMDIR', 'DICOMDIR-bigEnd', 'DICOMDIR-implicit', 'DICOMDIR-nooffset', 'DICOMDIR-reordered'])(
    '%s names 31 files, which are there',
    (name) => {
      const paths = files(name).map(({ path }) => path.join('/'))
      expect(paths).toHaveLength(31)
      expect(paths.filter((path) => !existsSync(join(folder, path)))).toEqual([])
    },
  )
  test('an empty one names none', () => expect(files('DICOMDIR-empty.dcm')).toEqual([]))
})
