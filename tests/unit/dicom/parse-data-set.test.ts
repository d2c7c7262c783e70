import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bytesSource, type ByteSource } from '../../../main/base/byte-source'
import { limits } from '../../../main/base/limits'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { DicomError } from '../../../contracts/errors'
import { buildObject, join, syntaxes, type SampleElement, type SampleForm } from '../../samples/build-object'

const elements: SampleElement[] = [
  [0x00080005, 'CS', 'ISO_IR 100'],
  [0x00080018, 'UI', '1.2.3'],
  [
    0x00081140,
    'SQ',
    [
      [[0x00081150, 'UI', '1.2.4']],
      [
        [0x00081155, 'UI', '1.2.5'],
        [0x0040a170, 'SQ', [[[0x00080100, 'SH', 'deep']]]],
      ],
    ],
  ],
  [0x00100010, 'PN', 'M\xfcller^Anna'],
  [0x00201041, 'DS', '-12.5'],
  [0x00209056, 'SH', ''],
  [0x00209057, 'UL', [4000000000]],
  [0x00280030, 'DS', '2\\0.5'],
  [0x00280106, 'SS', [-7]],
  [0x00280107, 'US', [65535]],
  [0x00289167, 'FD', [1.25, -3e100]],
]

const forms: readonly (readonly [string, SampleForm])[] = [
  ['explicit little endian', {}],
  ['implicit little endian', { transferSyntax: syntaxes.implicit }],
  ['explicit big endian', { transferSyntax: syntaxes.bigEndian }],
  ['deflated', { transferSyntax: syntaxes.deflated }],
  ['sequences without length', { undefinedLengths: true }],
  ['implicit, sequences without length', { transferSyntax: syntaxes.implicit, undefinedLengths: true }],
  ['no preamble', { preamble: false }],
  ['no preamble, no meta information', { preamble: false, meta: false }],
  ['no meta information', { meta: false }],
]

test.each(forms)('reads every value: %s', (_, form) => {
  const { dataSet } = readDicomObject(bytesSource(buildObject(elements, form)))
  expect(dataSet.text(0x00080018)).toBe('1.2.3')
  expect(dataSet.text(0x00100010)).toBe('Müller^Anna')
  expect(dataSet.numbers(0x00280030)).toEqual([2, 0.5])
  expect(dataSet.number(0x00201041)).toBe(-12.5)
  expect(dataSet.text(0x00209056)).toBe('')
  expect(dataSet.number(0x00209057)).toBe(4000000000)
  expect(dataSet.number(0x00280106, true)).toBe(-7)
  expect(dataSet.number(0x00280107)).toBe(65535)
  expect(dataSet.items(0x00081140).map((item) => item.text(0x00081150) + item.text(0x00081155))).toEqual(['1.2.4', '1.2.5'])
  expect(dataSet.items(0x00081140)[1].items(0x0040a170)[0].text(0x00080100)).toBe('deep')
})

test('nested items inherit the character set', () => {
  const object = buildObject([
    [0x00080005, 'CS', 'ISO_IR 144'],
    [
      0x00081111,
      'SQ',
      [
        [[0x00080104, 'LO', '\xbb\xee\xda']],
        [
          [0x00080005, 'CS', 'ISO_IR 100'],
          [0x00080104, 'LO', '\xfc'],
        ],
      ],
    ],
  ])
  const items = readDicomObject(bytesSource(object)).dataSet.items(0x00081111)
  expect(items[0].text(0x00080104)).toBe('Люк')
  expect(items[1].text(0x00080104)).toBe('ü')
})

test('a known sequence written as UN is read as implicit little endian (CP-246)', () => {
  const item = Uint8Array.from([8, 0, 0, 1, 4, 0, 0, 0, 0x54, 0x45, 0x53, 0x54])
  const head = new DataView(new ArrayBuffer(8))
  head.setUint32(0, 0xe000fffe, true)
  head.setUint32(4, item.length, true)
  const object = buildObject([[0x00081111, 'UN', join([new Uint8Array(head.buffer), item])]])
  expect(readDicomObject(bytesSource(object)).dataSet.items(0x00081111)[0].text(0x00080100)).toBe('TEST')
})

test('zeros behind the data set are told, not taken for a fault', () => {
  const { dataSet, warnings } = readDicomObject(bytesSource(join([buildObject(elements), new Uint8Array(300)])))
  expect(dataSet.text(0x00100010)).toBe('Müller^Anna')
  expect(warnings).toEqual(['300 bytes follow the data set'])
})

test('a text with a backslash is divided, a long text is not', () => {
  const object = buildObject([
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY \\'],
    [0x00104000, 'LT', ' a\\b  '],
  ])
  const { dataSet } = readDicomObject(bytesSource(object))
  expect(dataSet.texts(0x00080008)).toEqual(['ORIGINAL', 'PRIMARY', ''])
  expect(dataSet.texts(0x00104000)).toEqual([' a\\b'])
})

describe('refuses', () => {
  const code = (bytes: Uint8Array): string => {
    try {
      readDicomObject(bytesSource(bytes))
      return 'read'
    } catch (error) {
      expect(error).toBeInstanceOf(DicomError)
      return (error as DicomError).code
    }
  }

  test.each(forms)('a file cut at any byte is read up to an element or refused with its place: %s', (_, form) => {
    const bytes = buildObject(elements, form)
    const codes = new Set<string>()
    for (let length = 0; length < bytes.length; length++) codes.add(code(bytes.subarray(0, length)))
    for (const found of codes) expect(['read', 'file.damaged', 'file.not-dicom']).toContain(found)
    expect(codes).toContain('file.damaged')
  })

  test('the place of the fault is named', () => {
    const bytes = buildObject(elements)
    expect(() => readDicomObject(bytesSource(bytes.subarray(0, bytes.length - 4)))).toThrow(
      /\(0028,9167\) at byte \d+ states 16 bytes, 12 are there/,
    )
  })

  test('sequences 10,000 deep, within a second', () => {
    const head = Uint8Array.from([8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff])
    const start = performance.now()
    expect(code(join([buildObject([[0x00080018, 'UI', '1.2']]), ...Array.from({ length: 10_000 }, () => head)]))).toBe('dicom.limit')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('a length of 4 GB, without allocating it', () => {
    const lying = Uint8Array.from([0x28, 0, 0x01, 0x12, 0x4f, 0x57, 0, 0, 0xfe, 0xff, 0xff, 0xff])
    const read: number[] = []
    const bytes = join([buildObject([[0x00080018, 'UI', '1.2']]), lying])
    const inner = bytesSource(bytes)
    const watched: ByteSource = { size: inner.size, read: (offset, length) => (read.push(length), inner.read(offset, length)) }
    expect(() => readDicomObject(watched)).toThrow(/states 4294967294 bytes, 0 are there/)
    expect(Math.max(...read)).toBeLessThan(1 << 20)
  })

  test('a value beyond what is read whole, when it is asked for', () => {
    const { dataSet } = readDicomObject(bytesSource(buildObject([[0x00420011, 'OB', new Uint8Array(limits.valueBytes + 2)]])))
    expect(() => dataSet.bytes(0x00420011)).toThrow(DicomError)
    expect(dataSet.bytes(0x00420011, limits.tableBytes)!.length).toBe(limits.valueBytes + 2)
  })

  test('a deflated data set that grows beyond all bounds, within a second', () => {
    // One block of a mebibyte of zeros, again and again.
    const block = deflateRawSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_FULL_FLUSH })
    const head = buildObject([], { transferSyntax: syntaxes.deflated, deflated: false })
    const bomb = join([head, ...Array.from({ length: 300 }, () => block)])
    expect(bomb.length).toBeLessThan(1 << 20)
    const start = process.cpuUsage()
    expect(code(bomb)).toBe('dicom.limit')
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  test.each([
    ['an empty file', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('MZ this program cannot be run in DOS mode. '.repeat(20))],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array<number>(200).fill(0)])],
    ['zeros', new Uint8Array(4096)],
  ])('%s', (_, bytes) => expect(code(bytes)).toBe('file.not-dicom'))
})
