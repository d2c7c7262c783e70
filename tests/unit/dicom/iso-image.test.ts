import { describe, expect, test } from 'vitest'
import { bytesSource, type ByteSource } from '../../../main/base/byte-source'
import { isContainer, readContainer } from '../../../main/dicom/container'
import { containerLimits, type ContainerLimits } from '../../../main/dicom/container-budget'
import { buildIso, type IsoEntry, type IsoForm } from '../../samples/build-iso'
import { buildZip } from '../../samples/build-zip'

const content = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

async function readSource(source: ByteSource, bounds: Partial<ContainerLimits> = {}) {
  const taken: string[] = []
  const refused: string[] = []
  await readContainer(
    source,
    ({ name, source }) => void taken.push(`${name}=${text(source.read(0, source.size)).slice(0, 20)}`),
    ({ name, error }) => void refused.push(`${name}: ${error.code}`),
    { ...containerLimits, ...bounds },
  )
  return { taken, refused }
}
const read = (entries: readonly IsoEntry[], form?: IsoForm, bounds?: Partial<ContainerLimits>) =>
  readSource(bytesSource(buildIso(entries, form)), bounds)

const tree: readonly IsoEntry[] = [
  { name: 'DICOMDIR', bytes: content('directory') },
  {
    name: 'IMAGES',
    longName: 'Images of the knee',
    entries: [
      { name: 'IM1.', longName: 'Übersicht', bytes: content('first') },
      { name: 'DEEP', entries: [{ name: 'IM2', bytes: content('second') }] },
    ],
  },
]

test.each([2048, 1024, 512])(
  'files of all folders, versions and empty extensions left out of names; blocks of %i bytes',
  async (blockBytes) =>
    expect(await read(tree, { blockBytes })).toEqual({
      taken: ['DICOMDIR=directory', 'IMAGES/IM1=first', 'IMAGES/DEEP/IM2=second'],
      refused: [],
    }),
)

test('names of Joliet where there are any, each file once', async () =>
  expect(await read(tree, { joliet: true })).toEqual({
    taken: ['DICOMDIR=directory', 'Images of the knee/Übersicht=first', 'Images of the knee/DEEP/IM2=second'],
    refused: [],
  }))

test('the plain tree stands for a Joliet tree that is damaged', async () => {
  const image = buildIso(tree, { joliet: true })
  new DataView(image.buffer).setUint32(17 * 2048 + 156 + 2, 0xfffff, true)
  expect((await readSource(bytesSource(image))).taken).toEqual(['DICOMDIR=directory', 'IMAGES/IM1=first', 'IMAGES/DEEP/IM2=second'])
})

test('more records than a block holds', async () => {
  const entries = Array.from({ length: 300 }, (_, index) => ({ name: `IM${index}`, bytes: content(`${index}`) }))
  expect((await read(entries)).taken).toEqual(entries.map(({ name }, index) => `${name}=${index}`))
})

test('a file of several extents is one', async () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 251)
  const image = buildIso([{ name: 'LONG', bytes, extentBytes: 2048 }])
  await readContainer(
    bytesSource(image),
    ({ source }) => {
      expect(source.size).toBe(5000)
      expect(source.read(0, 5000)).toEqual(bytes)
      expect(source.read(2000, 100)).toEqual(bytes.slice(2000, 2100))
      expect(source.read(4990, 100)).toEqual(bytes.slice(4990))
      expect(source.read(6000, 1).length).toBe(0)
    },
    ({ error }) => expect(error).toBe('nothing refused'),
  )
  expect.assertions(5)
})

test('a ZIP within a disc image, and a disc image within a ZIP', async () => {
  const zip = buildZip([{ name: 'x', bytes: content('deep') }])
  expect((await read([{ name: 'A.ZIP', bytes: zip }])).taken).toEqual(['A.ZIP!x=deep'])
  const image = buildIso([{ name: 'IM1', bytes: content('deep') }])
  expect((await readSource(bytesSource(buildZip([{ name: 'cd.iso', bytes: image, deflated: true }])))).taken).toEqual(['cd.iso!IM1=deep'])
})

test('a file within is read by range', async () => {
  const inner = bytesSource(buildIso([{ name: 'LARGE', bytes: new Uint8Array(8 << 20) }]))
  let total = 0
  const watched: ByteSource = { size: inner.size, read: (offset, length) => ((total += length), inner.read(offset, length)) }
  await readContainer(
    watched,
    ({ source }) => expect(source.read(4 << 20, 16).length).toBe(16),
    () => {},
  )
  expect(total).toBeLessThan(100_000)
})

describe('what is no disc image', () => {
  test('a text', () => expect(isContainer(bytesSource(content('no')))).toBe(false))

  test('a DICOM file whose bytes at this place are those of an image', () => {
    const image = buildIso(tree)
    expect(isContainer(bytesSource(image))).toBe(true)
    image.set(content('DICM'), 128)
    expect(isContainer(bytesSource(image))).toBe(false)
  })
})

describe('one bad entry is refused with its reason, the others are read', () => {
  const good = { name: 'GOOD', bytes: content('fine') }
  test.each<{ why: string; bad: IsoEntry; refused: string }>([
    {
      why: 'beyond the end of the image',
      bad: { name: 'BAD', bytes: content('x'), stated: { block: 5000 } },
      refused: 'BAD: file.unreadable',
    },
    {
      why: 'longer than the image',
      bad: { name: 'BAD', bytes: content('x'), stated: { length: 0xffffffff } },
      refused: 'BAD: file.unreadable',
    },
    { why: 'interleaved', bad: { name: 'BAD', bytes: content('x'), stated: { unitSize: 1 } }, refused: 'BAD: file.unreadable' },
    { why: 'on another disc', bad: { name: 'BAD', bytes: content('x'), stated: { disc: 2 } }, refused: 'BAD: file.unreadable' },
    { why: 'without its last part', bad: { name: 'BAD', bytes: content('x'), stated: { flags: 0x80 } }, refused: 'BAD: file.unreadable' },
    { why: 'a folder beyond the end', bad: { name: 'BAD', entries: [], stated: { block: 5000 } }, refused: 'BAD: file.damaged' },
    {
      why: 'a folder longer than taken',
      bad: { name: 'BAD', entries: [], stated: { length: 0xfffff800 } },
      refused: 'BAD: dicom.limit',
    },
  ])('$why', async ({ bad, refused }) => expect(await read([bad, good])).toEqual({ taken: ['GOOD=fine'], refused: [refused] }))

  test('a folder whose records break off', async () => {
    const broken = { name: 'BAD', bytes: content('x'), stated: { nameLength: 0 } }
    expect(await read([good, { name: 'F', entries: [broken] }, { name: 'LAST', bytes: content('end') }])).toEqual({
      taken: ['GOOD=fine', 'LAST=end'],
      refused: ['F/: file.damaged'],
    })
  })

  test('a folder that holds itself is read once', async () => {
    const image = buildIso([{ name: 'LOOP', entries: [good] }])
    const rootBlock = new DataView(image.buffer).getUint32(16 * 2048 + 158, true)
    const looped = buildIso([{ name: 'LOOP', entries: [good, { name: 'ROOT', entries: [], stated: { block: rootBlock } }] }])
    expect(await readSource(bytesSource(looped))).toEqual({ taken: ['LOOP/GOOD=fine'], refused: [] })
  })

  test('folders deeper than taken', async () => {
    let entries: readonly IsoEntry[] = [good]
    for (let depth = 0; depth < 66; depth++) entries = [{ name: 'D', entries }]
    const { taken, refused } = await read(entries)
    expect(taken).toEqual([])
    expect(refused).toEqual([`${'D/'.repeat(64)}D: dicom.limit`])
  })
})

describe('EXPECTED FAILURE', () => {
  test('more entries than taken', async () => {
    const entries = Array.from({ length: 12 }, (_, index) => ({ name: `F${index}`, bytes: content('x') }))
    await expect(read(entries, {}, { entries: 10 })).rejects.toMatchObject({ code: 'dicom.limit' })
  })
  test('more bytes in all than taken', async () => {
    const entries = [1, 2, 3].map((index) => ({ name: `F${index}`, bytes: new Uint8Array(1000) }))
    await expect(read(entries, {}, { totalBytes: 2500 })).rejects.toMatchObject({ code: 'dicom.limit' })
  })
  test('a bomb: files that share their bytes', async () => {
    const entries = Array.from({ length: 50 }, (_, index) => ({
      name: `F${index}`,
      bytes: new Uint8Array(100),
      stated: { block: 18, length: 50_000 + index },
    }))
    await expect(read(entries)).rejects.toMatchObject({ code: 'dicom.limit', detail: expect.stringContaining('more than the image') })
  })
  test('cut within its root folder', async () => {
    const image = buildIso(tree)
    await expect(readSource(bytesSource(image.subarray(0, 18 * 2048 + 100)))).rejects.toMatchObject({ code: 'file.damaged' })
  })
  test('cut within its descriptors', async () => {
    await expect(readSource(bytesSource(buildIso(tree).subarray(0, 16 * 2048 + 100)))).rejects.toMatchObject({ code: 'file.damaged' })
  })
  test('UDF alone is named', async () => {
    const image = new Uint8Array(64 << 10)
    image.set([0, ...content('BEA01'), 1], 16 * 2048)
    image.set([0, ...content('NSR02'), 1], 17 * 2048)
    await expect(readSource(bytesSource(image))).rejects.toMatchObject({ code: 'file.unreadable', detail: expect.stringContaining('UDF') })
  })
  test('what the taker throws ends the whole, as it is, from a nested one too', async () => {
    const zip = buildZip([{ name: 'x', bytes: content('deep') }])
    const thrown = new Error('disk full')
    const taking = readContainer(
      bytesSource(buildIso([{ name: 'A', bytes: zip }])),
      () => {
        throw thrown
      },
      () => {},
    )
    await expect(taking).rejects.toBe(thrown)
  })
})
