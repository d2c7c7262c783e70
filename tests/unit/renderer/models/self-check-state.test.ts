/** The window's loop over the checks: progress, cancel, and a new run right after it. */
import { expect, test } from 'vitest'
import type { SelfCheckRow } from '../../../../contracts/self-check'
import type { EngineClient } from '../../../../renderer/engine/engine-client'
import { SelfCheckState, selfCheckWords } from '../../../../renderer/models/self-check-state.svelte'

const row = (index: number): SelfCheckRow => ({
  kind: 'decoder',
  name: `case ${index}`,
  provider: null,
  state: 'passed',
  sentence: 'Seen',
  code: null,
  ms: 1,
})

/** Three checks, the second of which does not come into question; `before` runs as a check is asked for. */
function engine(before: (index: number) => void = () => {}) {
  const asked: number[] = []
  const request = async (kind: string, input: { index?: number }) => {
    if (kind === 'self-check.begin') return { total: 3 }
    const index = input.index ?? -1
    asked.push(index)
    before(index)
    return { row: index === 1 ? null : row(index) }
  }
  return { asked, client: { request } as unknown as Pick<EngineClient, 'request'> }
}

test('asks for each check once and keeps the rows that came', async () => {
  const { asked, client } = engine()
  const state = new SelfCheckState(client)
  await state.run()
  expect(asked).toEqual([0, 1, 2])
  expect(state).toMatchObject({ phase: 'done', done: 3, total: 3 })
  expect(state.rows.map(({ name }) => name)).toEqual(['case 0', 'case 2'])
  expect(selfCheckWords(state.rows)).toBe('2 passed, 0 failed, 0 not there on this machine.')
})

test('a cancel asks for nothing more', async () => {
  const { asked, client } = engine(() => state.cancel())
  const state = new SelfCheckState(client)
  await state.run()
  expect(asked).toEqual([0])
  expect(state).toMatchObject({ phase: 'cancelled', done: 1 })
})

test('a run begun right after a cancel does not mix with the one before', async () => {
  let second: Promise<void> | null = null
  const { client } = engine((index) => {
    if (index !== 0 || second) return
    state.cancel()
    second = state.run()
  })
  const state = new SelfCheckState(client)
  await state.run()
  await second
  expect(state).toMatchObject({ phase: 'done', done: 3 })
  expect(state.rows.map(({ name }) => name)).toEqual(['case 0', 'case 2'])
})
