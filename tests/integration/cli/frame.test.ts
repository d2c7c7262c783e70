import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chestPhantom } from '../../../main/interchange/phantoms'
import { hasSharedData, sharedData } from '../../shared-data'
import { overreadJson } from './overread'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-frame-'))
  writeFileSync(join(folder, 'chest.dcm'), chestPhantom().bytes)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Described {
  rows: number
  columns: number
  samplesPerPixel: number
  type: string
  min: number
  max: number
  sha256: string
  photometricInterpretation: string
  transferSyntaxUid: string
  edges: Record<'top' | 'right' | 'bottom' | 'left', string>
}

test('stored samples are those of the file, and the document describes what was written', async () => {
  const out = join(folder, 'stored.raw')
  const { code, document } = await overreadJson<Described>('frame', join(folder, 'chest.dcm'), '--stage', 'stored', '--out', out)
  expect(code).toBe(0)
  const bytes = readFileSync(out)
  expect(bytes.byteLength).toBe(document.rows * document.columns * 2)
  expect(document).toMatchObject({ samplesPerPixel: 1, type: 'uint16', sha256: createHash('sha256').update(bytes).digest('hex') })
  const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)
  expect([Math.min(...samples.subarray(0, 50_000)) >= document.min, document.max <= 65535]).toEqual([true, true])
})

test('says which of the patient’s sides lie at its edges', async () => {
  const { document } = await overreadJson<Described>(
    'frame',
    join(folder, 'chest.dcm'),
    '--stage',
    'display',
    '--out',
    join(folder, 'edges.raw'),
  )
  expect(document.edges).toEqual({ top: 'H', right: 'L', bottom: 'F', left: 'R' })
})

test('display is 8 bit', async () => {
  const out = join(folder, 'display.raw')
  const { document } = await overreadJson<Described>('frame', join(folder, 'chest.dcm'), '--stage', 'display', '--out', out)
  expect(document.type).toBe('uint8')
  expect(readFileSync(out).byteLength).toBe(document.rows * document.columns * document.samplesPerPixel)
})

test.each([
  { args: ['--frame', '2'], code: 'pixels.frame' },
  { args: ['--frame', '1'], file: 'missing.dcm', code: 'file.unreadable' },
])('a fault is one document with its code: $code', async ({ args, file, code }) => {
  const run = await overreadJson<{ error: { code: string; message: string } }>(
    'frame',
    join(folder, file ?? 'chest.dcm'),
    ...args,
    '--stage',
    'stored',
    '--out',
    join(folder, 'x.raw'),
  )
  expect(run.code).toBe(1)
  expect(run.document.error.code).toBe(code)
})

// The corpus's table of hashes was made by pydicom, GDCM and DCMTK, not by our own code.
test
  .skipIf(!hasSharedData)
  .each(['dicom/pydicom/CT_small.dcm', 'dicom/pydicom/MR_small_RLE.dcm', 'dicom/pydicom/JPEG2000.dcm', 'dicom/pydicom/SC_rgb_rle.dcm'])(
  '%s has the stored values that an oracle reads',
  async (name) => {
    const file = join(sharedData, name)
    const out = join(folder, 'oracle.raw')
    const { code, document } = await overreadJson<Described>('frame', file, '--stage', 'stored', '--out', out)
    expect(code).toBe(0)
    expect(document.sha256.slice(0, 16)).toBe(oracleHash(file))
  },
)

function oracleHash(file: string): string | null {
  const table = readFileSync(join(sharedData, 'dicom/ORACLES.csv'), 'utf8').split('\n')
  const columns = table[0].split(',')
  const row = table.find((line) => file.endsWith(`dicom/${line.split(',')[0]}`))?.split(',')
  if (!row) return null
  for (const name of ['hash_pydicom', 'hash_gdcm', 'hash_dcmtk']) {
    const hash = row[columns.indexOf(name)]
    if (hash) return hash
  }
  return null
}
