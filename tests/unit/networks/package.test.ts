import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listModelPackages } from '../../../main/networks/catalogue'
import { loadModelPackage, readGolden } from '../../../main/networks/package'
import { identityPackage, writeIdentityPackage } from '../../integration/inference/tiny-packages'

let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overread-package-'))
  folder = join(root, 'tiny')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const rewrite = (changes: object) =>
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...writeIdentityPackage(folder, 8), ...changes }))
const code = (code: string) => expect.objectContaining({ code })

test('reads a package and the very bytes whose hash was checked', async () => {
  const written = writeIdentityPackage(folder, 8)
  const loaded = await loadModelPackage(folder)
  expect(loaded.package).toEqual(written)
  expect((await readGolden(folder, 'input.npy')).shape).toEqual([1, 1, 8, 8])
})

test.each([
  { what: 'another hash', changes: { sha256: 'a'.repeat(64) }, expected: 'model.hash' },
  { what: 'a file above the folder', changes: { file: '../model.onnx' }, expected: 'model.schema' },
  { what: 'a file by its whole path', changes: { file: '/etc/passwd' }, expected: 'model.schema' },
  { what: 'weights that are not there', changes: { file: 'other.onnx' }, expected: 'model.missing' },
  { what: 'a field that no schema knows', changes: { script: 'run.js' }, expected: 'model.schema' },
  { what: 'steps that end at another size', changes: { input: identityPackage(16).input }, expected: 'model.schema' },
  {
    what: 'a threshold of 2',
    changes: { operatingPoints: [{ ...identityPackage(8).operatingPoints[0], threshold: 2 }] },
    expected: 'model.schema',
  },
])('refuses $what', async ({ changes, expected }) => {
  rewrite(changes)
  await expect(loadModelPackage(folder)).rejects.toEqual(code(expected))
})

test('refuses a link that leads out of the folder', async () => {
  writeIdentityPackage(folder, 8)
  renameSync(join(folder, 'model.onnx'), join(root, 'model.onnx'))
  symlinkSync(join(root, 'model.onnx'), join(folder, 'model.onnx'))
  await expect(loadModelPackage(folder)).rejects.toEqual(code('model.path'))
})

test('refuses a folder in the place of the weights', async () => {
  writeIdentityPackage(folder, 8)
  rmSync(join(folder, 'model.onnx'))
  mkdirSync(join(folder, 'model.onnx'))
  await expect(loadModelPackage(folder)).rejects.toEqual(code('model.weights'))
})

test('refuses a pipe in the place of the weights at once', async () => {
  writeIdentityPackage(folder, 8)
  rmSync(join(folder, 'model.onnx'))
  execFileSync('mkfifo', [join(folder, 'model.onnx')])
  await expect(loadModelPackage(folder)).rejects.toEqual(code('model.weights'))
})

test('refuses a description that is not UTF-8', async () => {
  writeIdentityPackage(folder, 8)
  const text = readFileSync(join(folder, 'model.json'), 'latin1').replace('"Tiny"', '"T\xefny"')
  writeFileSync(join(folder, 'model.json'), text, 'latin1')
  await expect(loadModelPackage(folder)).rejects.toEqual(code('model.schema'))
})

test('refuses a description that is no JSON', async () => {
  writeIdentityPackage(folder, 8)
  writeFileSync(join(folder, 'model.json'), '{')
  await expect(loadModelPackage(folder)).rejects.toEqual(code('model.schema'))
})

test('lists every package, the unusable with the reason; the first root wins', async () => {
  writeIdentityPackage(folder, 8)
  const broken = join(root, 'broken')
  writeIdentityPackage(broken, 8)
  writeFileSync(join(broken, 'model.onnx'), 'other')
  mkdirSync(join(root, 'training'))
  const second = mkdtempSync(join(tmpdir(), 'overread-second-'))
  writeIdentityPackage(join(second, 'tiny'), 8, { title: 'Hidden' })
  const found = await listModelPackages([root, second, join(root, 'absent')])
  rmSync(second, { recursive: true })
  expect(found.map(({ id, valid, error, card }) => ({ id, valid, code: error?.code, card }))).toEqual([
    { id: 'broken', valid: false, code: 'model.hash', card: '# Tiny\n' },
    { id: 'tiny', valid: true, code: undefined, card: '# Tiny\n' },
  ])
  expect(found[1].package?.title).toBe('Tiny')
})
