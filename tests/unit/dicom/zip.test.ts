import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../../main/base/byte-source'
import { readContainer } from '../../../main/dicom/container'
import { containerLimits, type ContainerLimits } from '../../../main/dicom/container-budget'
import { isZip } from '../../../main/dicom/zip'
import { buildZip, type ZipSample } from '../../samples/build-zip'

const content = (text: string) => new TextEncoder().encode(text)

async function read(bytes: Uint8Array, bounds: Partial<ContainerLimits> = {}) {
  const taken: string[] = []
  const refused: string[] = []
  await readContainer(
    bytesSource(bytes),
    ({ name, source }) => void taken.push(`${name}=${new TextDecoder().decode(source.read(0, 20))}`),
    ({ name, error }) => void refused.push(`${name}: ${error.code}`),
    { ...containerLimits, ...bounds },
  )
  return { taken, refused }
}
const readEntries = (entries: readonly ZipSample[], bounds?: Partial<ContainerLimits>) => read(buildZip(entries), bounds)

test('stored and deflated entries, in order, folders left out, names in UTF-8', async () => {
  const entries = [
    { name: 'DICOM/', bytes: content('') },
    { name: 'DICOM/a', bytes: content('first') },
    { name: 'DICOM/später', bytes: content('second'.repeat(1000)), deflated: true },
  ]
  expect(await readEntries(entries)).toEqual({ taken: ['DICOM/a=first', 'DICOM/später=secondsecondsecondse'], refused: [] })
  expect(isZip(bytesSource(buildZip(entries)))).toBe(true)
  expect(isZip(bytesSource(content('no')))).toBe(false)
})

test('a ZIP within a ZIP', async () => {
  const inner = buildZip([{ name: 'x', bytes: content('deep') }])
  expect(await readEntries([{ name: 'inner.zip', bytes: inner, deflated: true }])).toEqual({ taken: ['inner.zip!x=deep'], refused: [] })
})

test('a damaged nested ZIP is passed over, what follows is read', async () => {
  const broken = content('PK\x03\x04 and nothing more')
  const { taken, refused } = await readEntries([
    { name: 'broken.zip', bytes: broken },
    { name: 'b', bytes: content('next') },
  ])
  expect(taken).toEqual(['b=next'])
  expect(refused).toEqual(['broken.zip: file.damaged'])
})

describe('one bad entry is refused with its reason, the others are read', () => {
  test.each<{ why: string; entry: Partial<ZipSample>; code: string }>([
    { why: 'encrypted', entry: { encrypted: true, deflated: true }, code: 'file.unreadable' },
    { why: 'with a checksum that differs', entry: { statedCrc: 1 }, code: 'file.unreadable' },
    { why: 'shorter than stated', entry: { statedSize: 500, deflated: true }, code: 'file.unreadable' },
    { why: 'longer than stated', entry: { statedSize: 1, deflated: true }, code: 'file.unreadable' },
    { why: 'stated to hold 4 GB', entry: { statedSize: 0xfffffff0, deflated: true }, code: 'file.too-large' },
  ])('$why', async ({ entry, code }) => {
    const { taken, refused } = await readEntries([
      { name: 'bad', bytes: content('secret'), ...entry },
      { name: 'good', bytes: content('fine') },
    ])
    expect(taken).toEqual(['good=fine'])
    expect(refused).toEqual([`bad: ${code}`])
  })

  test('nested deeper than taken', async () => {
    let zip = buildZip([{ name: 'x', bytes: content('deep') }])
    for (let depth = 0; depth < 3; depth++) zip = buildZip([{ name: `${depth}`, bytes: zip }])
    expect(await read(zip)).toEqual({ taken: [], refused: ['2!1!0: dicom.limit'] })
  })
})

describe('EXPECTED FAILURE', () => {
  test('more entries than taken', async () => {
    const entries = Array.from({ length: 12 }, (_, index) => ({ name: `${index}`, bytes: content('x') }))
    await expect(readEntries(entries, { entries: 10 })).rejects.toMatchObject({ code: 'dicom.limit' })
  })
  test('a bomb: more bytes in all than taken', async () => {
    const entries = Array.from({ length: 4 }, (_, index) => ({ name: `${index}`, bytes: new Uint8Array(1 << 20), deflated: true }))
    await expect(readEntries(entries, { totalBytes: 3 << 20 })).rejects.toMatchObject({ code: 'dicom.limit' })
  })
  test('cut within its directory', async () => {
    const zip = buildZip([{ name: 'a', bytes: content('first') }])
    await expect(read(zip.subarray(0, zip.length - 30))).rejects.toMatchObject({ code: 'file.damaged' })
  })
})
