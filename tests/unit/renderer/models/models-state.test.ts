/** What the Models screen knows of versions and of what is being added. */
import { expect, test } from 'vitest'
import { OverreadError } from '../../../../contracts/errors'
import type { ModelPackage } from '../../../../contracts/model-package'
import type { Adding, ModelEntry } from '../../../../contracts/model-store'
import type { EngineEvent } from '../../../../contracts/protocol'
import { EngineFault, type EngineClient } from '../../../../renderer/engine/engine-client'
import { addingWords } from '../../../../renderer/models/adding-words'
import { ModelsState } from '../../../../renderer/models/models-state.svelte'
import { versionRows } from '../../../../renderer/models/version-rows'

const entry = (version: string, active: boolean, changes: object = {}): ModelEntry => ({
  valid: true,
  error: null,
  id: 'tiny',
  version,
  package: {
    id: 'tiny',
    version,
    licence: 'CC0',
    sha256: 'a'.repeat(64),
    metrics: [],
    operatingPoints: [{ label: 'spot', name: 'outline', threshold: 0.5 }],
    ...changes,
  } as unknown as ModelPackage,
  card: '',
  source: 'added',
  digest: 'b'.repeat(64),
  active,
  signature: { state: 'unsigned', signer: null, publicKey: null },
  added: { at: '2026-11-02T10:20:00.000Z', by: 'reader' },
})
const adding = (changes: Partial<Adding>): Adding => ({
  addingId: 'a',
  state: 'running',
  step: 'copying',
  done: 0,
  total: 0,
  error: null,
  model: null,
  known: false,
  leftOut: [],
  ...changes,
})

function started(answers: Record<string, () => unknown> = {}) {
  let tell: (event: EngineEvent) => void = () => {}
  let reconnect: () => void = () => {}
  const asked: string[] = []
  const client = {
    request: async (kind: string) => {
      asked.push(kind)
      return answers[kind]?.() ?? { models: [entry('1.1.0', false), entry('1.0.0', true)] }
    },
    onEvent: (listener: typeof tell) => (tell = listener),
    onReconnect: (listener: () => void) => (reconnect = listener),
  } as unknown as EngineClient
  return { state: new ModelsState(client), asked, tell: (event: EngineEvent) => tell(event), reconnect: () => reconnect() }
}

test('versions stand together, with the one in use', async () => {
  const { state } = started()
  await state.read()
  expect(state.groups.map(({ id, versions, active }) => [id, versions.map(({ version }) => version), active.version])).toEqual([
    ['tiny', ['1.1.0', '1.0.0'], '1.0.0'],
  ])
})

test('they are read again when they changed', async () => {
  const { state, asked, tell } = started()
  tell({ event: 'models.changed' })
  await expect.poll(() => state.models?.length).toBe(2)
  expect(asked).toEqual(['models.list'])
})

test('each adding is shown once, as it was told last, until it is closed', () => {
  const { state, tell } = started()
  tell({ event: 'model.adding', adding: adding({}) })
  tell({ event: 'model.adding', adding: adding({ addingId: 'b' }) })
  tell({ event: 'model.adding', adding: adding({ state: 'added' }) })
  expect(state.addings.map(({ addingId, state }) => [addingId, state])).toEqual([
    ['a', 'added'],
    ['b', 'running'],
  ])
  state.dismiss('a')
  tell({ event: 'model.adding', adding: adding({ state: 'added' }) })
  expect(state.addings.map(({ addingId }) => addingId)).toEqual(['b'])
})

test('what an engine that stopped was adding is forgotten', () => {
  const { state, tell, reconnect } = started()
  tell({ event: 'model.adding', adding: adding({}) })
  tell({ event: 'model.adding', adding: adding({ addingId: 'b', state: 'refused' }) })
  reconnect()
  expect(state.addings.map(({ addingId }) => addingId)).toEqual(['b'])
})

test('why a version could not be put to use is said', async () => {
  const { state } = started({
    'models.use': () => {
      throw new EngineFault(new OverreadError('model.older', '1.1.0 is in use').toReport())
    },
  })
  await state.use(entry('1.0.0', false), false)
  expect(state.fault).toBe('This version is older than the one in use: 1.1.0 is in use. Say that going back is meant.')
  expect(state.busy).toBe(false)
})

test.each<[Partial<Adding>, string]>([
  [{}, 'Copying'],
  [{ step: 'fetching', done: 3 << 20 }, 'Fetching, 3 MB'],
  [
    { step: 'copying', done: 3 << 20, total: 12 << 20, model: { id: 'tiny', version: '1.1.0', title: 'Tiny' } },
    'Tiny 1.1.0: Copying, 3 MB of 12 MB',
  ],
  [
    { state: 'added', model: { id: 'tiny', version: '1.1.0', title: 'Tiny' }, leftOut: ['a', 'b'] },
    'Tiny 1.1.0 was added. Left out, as its description does not name them: a, b.',
  ],
  [{ state: 'added', known: true, model: { id: 'tiny', version: '1.1.0', title: 'Tiny' } }, 'Tiny 1.1.0 is there already.'],
  [{ state: 'cancelled' }, 'The package was not added: cancelled. Nothing of it was kept.'],
  [
    { state: 'refused', error: new OverreadError('model.file', 'it holds no model.json').toReport() },
    'The package was not added. This is no model package that can be read: it holds no model.json. A package is a folder, or a ZIP of one, with a model.json.',
  ],
])('%j is told as %s', (changes, words) => {
  expect(addingWords(adding(changes))).toBe(words)
})

test('versions side by side: what differs is marked, what one lacks is a dash', () => {
  const metric = { name: 'AUC', label: 'spot', value: 0.9, interval: [0.8, 0.95] as [number, number], data: 'd' }
  const rows = versionRows([entry('1.1.0', false, { metrics: [metric] }), entry('1.0.0', true)])
  expect(rows.find(({ term }) => term === 'AUC, spot')).toEqual({
    term: 'AUC, spot',
    cells: ['0.900 (0.800 to 0.950)', '–'],
    differs: true,
  })
  expect(rows.find(({ term }) => term === 'Licence')).toMatchObject({ cells: ['CC0', 'CC0'], differs: false })
  expect(rows.find(({ term }) => term === 'Threshold outline, spot')).toMatchObject({ cells: ['0.50', '0.50'] })
})
