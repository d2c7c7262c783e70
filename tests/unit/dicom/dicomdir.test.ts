import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { directoryContents, isDirectory, isDirectoryName, nameMatcher } from '../../../main/dicom/dicomdir'
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
  expect(directoryContents(object).files).toEqual([
    { path: ['DICOM', 'ST1', 'IM1'], recordType: 'IMAGE', sopInstanceUid: '1.2.3' },
    { path: ['DICOM', 'ST1', 'IM2'], recordType: 'IMAGE', sopInstanceUid: '1.2.3' },
  ])
})

test('a file id in one component with separators', () =>
  expect(directoryContents(directory([record('DICOM/ST1/IM1')])).files[0].path).toEqual(['DICOM', 'ST1', 'IM1']))

test.each(['..\\..\\ETC\\PASSWD', 'A/../../B', 'C:\\X'])(
  'a file id that leads out of the medium is counted and not followed: %s',
  (fileId) => {
    expect(directoryContents(directory([record(fileId)]))).toEqual({ files: [], outside: 1 })
  },
)

test('an empty file id names nothing', () => expect(directoryContents(directory([record('')]))).toEqual({ files: [], outside: 0 }))

test.each([
  { component: 'IM1', names: ['im1', 'IM1'], found: 'IM1' },
  { component: 'IM1', names: ['other', 'im1'], found: 'im1' },
  { component: 'IM1', names: ['IM1.;1'], found: 'IM1.;1' },
  { component: 'IM1', names: ['IM10'], found: null },
])('$component among $names is $found', ({ component, names, found }) => expect(nameMatcher(names)(component)).toBe(found))

test.each([
  ['DICOMDIR', true],
  ['dicomdir', true],
  ['Dicomdir.;1', true],
  ['DICOMDIR2', false],
  ['notes.txt', false],
])('the name %s is that of a DICOMDIR: %s', (name, is) => expect(isDirectoryName(name)).toBe(is))

test('an image is no directory', () =>
  expect(isDirectory(readDicomObject(bytesSource(buildObject([[0x00080018, 'UI', '1.2']]))))).toBe(false))

describe.skipIf(!hasSharedData)('of real media', () => {
  const folder = join(sharedData, 'dicom/pydicom/dicomdirtests')
  const files = (name: string) => {
    const source = fileSource(join(folder, name))
    try {
      return directoryContents(readDicomObject(source)).files
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
