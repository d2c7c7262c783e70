/** Networks by command, as an administrator adds, chooses, signs and removes them. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { repository } from '../../shared-data'
import { writeSlice } from '../inference/dicom-series'
import { LabelledFolderWriter } from '../evaluation/labelled-folder'
import { writeIdentityPackage, writeScorerPackage } from '../inference/tiny-packages'
import { overread, overreadJson } from './overread'

const root = mkdtempSync(join(tmpdir(), 'overread-cli-models-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const at = ['--archive', join(root, 'archive')]
const folder = (version: string) => join(root, version)
for (const version of ['1.0.0', '1.1.0']) writeIdentityPackage(folder(version), 32, { version })
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const [secret, open] = [join(root, 'secret.pem'), join(root, 'open.pem')]
writeFileSync(secret, privateKey.export({ format: 'pem', type: 'pkcs8' }))
writeFileSync(open, publicKey.export({ format: 'pem', type: 'spki' }))

interface Listed {
  id: string
  version: string
  active: boolean
  source: string
  signature: { state: string; signer: string | null }
}
const versions = async () => {
  const { document } = await overreadJson<Listed[]>('models', ...at)
  return document
    .filter(({ id }) => id === 'tiny')
    .map(({ version, active, signature }) => `${version} ${signature.state}${active ? ' *' : ''}`)
}

test('a package is added, another version beside it, signed by a key that is trusted', async () => {
  expect(await overreadJson('models', 'add', folder('1.0.0'), ...at)).toMatchObject({ code: 0, document: { state: 'added', known: false } })
  expect(await versions()).toEqual(['1.0.0 unsigned *'])
  const signed = await overreadJson<{ publicKey: string }>('models', 'sign', folder('1.1.0'), '--key', secret)
  expect((await overread('models', 'add', folder('1.1.0'), ...at)).stdout).toBe('tiny 1.1.0 was added.\n')
  expect(await versions()).toEqual(['1.1.0 unknown-key', '1.0.0 unsigned *'])
  const trusted = await overreadJson('models', 'trust', open, '--name', 'Laboratory', ...at)
  expect(trusted.document).toMatchObject([{ publicKey: signed.document.publicKey, name: 'Laboratory', trusted: true }])
  expect(await versions()).toEqual(['1.1.0 trusted', '1.0.0 unsigned *'])
})

test('a picture is analysed by the version in use, or by one that is named', async () => {
  const pixels = Int16Array.from({ length: 32 * 32 }, (_, at) => (at % 5 === 0 ? 900 : 10))
  writeSlice(root, 0, { rows: 32, columns: 32, pixels }, 0)
  const analyse = async (model: string) => {
    const { document } = await overreadJson<{ results: { model: { version: string }; signature: { state: string } }[] }>(
      'analyze',
      join(root, 'slice0.dcm'),
      '--model',
      model,
      ...at,
    )
    return document.results?.map(({ model: { version }, signature }) => `${version} ${signature.state}`) ?? document
  }
  expect(await analyse('tiny')).toEqual(['1.0.0 unsigned'])
  expect(await analyse('tiny@1.1.0')).toEqual(['1.1.0 trusted'])
  expect(await analyse('tiny@3.0.0')).toMatchObject({ error: { code: 'model.missing' } })
  expect((await overread('analyze', join(root, 'slice0.dcm'), '--model', 'tiny', ...at)).stdout).toContain('unsigned')
})

test('an explanation and an evaluation say who stands for the package', async () => {
  writeScorerPackage(join(root, 'scorer'), 32)
  await overread('models', 'add', join(root, 'scorer'), ...at)
  const pixels = Int16Array.from({ length: 32 * 32 }, (_, index) => (index % 32) * 30)
  const [picture, labelled] = [join(root, 'scored'), join(root, 'labelled')]
  mkdirSync(picture)
  writeSlice(picture, 0, { rows: 32, columns: 32, pixels }, 0)
  const folder = new LabelledFolderWriter(labelled).file('labels.csv', 'file,bright\na.png,1\nb.png,0\n')
  for (const [name, level] of Object.entries({ 'a.png': 900, 'b.png': 100 })) folder.picture(name, 32, 32, (_, column) => level + column)
  const unsigned = { state: 'unsigned', signer: null, publicKey: null }

  const explain = ['explain', join(picture, 'slice0.dcm'), '--model', 'scorer', ...at]
  expect(await overreadJson(...explain)).toMatchObject({ code: 0, document: { signature: unsigned } })
  expect((await overread(...explain)).stdout).toContain('Package: unsigned\n')
  const report = join(root, 'report.html')
  const evaluate = ['evaluate', '--model', 'scorer', '--data', labelled, '--resamples', '20', '--report', report, ...at]
  expect(await overreadJson(...evaluate)).toMatchObject({ code: 0, document: { signature: unsigned } })
  expect(readFileSync(report, 'utf8')).toMatch(/Package.*unsigned/)
  expect((await overread(...evaluate)).stdout).toContain('Package: unsigned\n')
})

test('versions are put to use and removed on purpose', async () => {
  expect((await overread('models', 'use', 'tiny', '1.1.0', ...at)).code).toBe(0)
  const back = await overread('models', 'use', 'tiny', '1.0.0', ...at)
  expect([back.code, back.stderr]).toEqual([1, expect.stringContaining('(model.older)')])
  expect((await overread('models', 'use', 'tiny', '1.0.0', '--back', ...at)).code).toBe(0)
  expect((await overread('models', 'remove', 'tiny', '1.0.0', ...at)).stderr).toContain('(model.in-use)')
  expect((await overread('models', 'remove', 'tiny', '1.1.0', ...at)).code).toBe(0)
  expect(await versions()).toEqual(['1.0.0 unsigned *'])
})

test('one is verified by its golden case, and told of with its card', async () => {
  const { code, document } = await overreadJson<{ rows: { provider: string | null; state: string }[] }>('models', 'verify', 'tiny', ...at)
  expect(code).toBe(0)
  expect(document.rows).toContainEqual(expect.objectContaining({ provider: 'cpu', state: 'passed' }))
  const { stdout } = await overread('models', 'info', 'tiny', ...at)
  expect(stdout).toContain('Tiny 1.0.0, in use\nVersions: 1.0.0 (in use)\nWho stands for it: unsigned\n')
  expect(stdout).toContain('# Tiny')
})

test('what is refused says why, with exit code 1; without an archive there is what came with Overread', async () => {
  const refused = await overreadJson('models', 'add', join(repository, 'contracts'), ...at)
  expect(refused).toMatchObject({ code: 1, document: { state: 'refused', error: { code: 'model.file' } } })
  const { document } = await overreadJson<Listed[]>('models', '--archive', join(root, 'none'))
  expect(new Set(document.map(({ source }) => source))).toEqual(new Set(['bundled']))
})

test.each([
  [['models', 'add']],
  [['models', 'use', 'tiny']],
  [['models', 'trust', open]],
  [['models', 'trust', '--withdraw']],
  [['models', 'sign', folder('1.0.0')]],
])('EXPECTED FAILURE: usage %# is none', async (args) => {
  expect((await overread(...args, ...at.slice(0, args[1] === 'sign' ? 0 : 2))).code).toBe(2)
})
