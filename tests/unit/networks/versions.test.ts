import { expect, test } from 'vitest'
import { compareVersions, type ModelEvent } from '../../../contracts/model-store'
import { activeOf } from '../../../main/networks/versions'

const added = (version: string, digest: string) => ({ id: 'm', version, source: 'added' as const, digest })
const bundledOne = { id: 'm', version: '1.5.0', source: 'bundled' as const, digest: null }
const event = (action: ModelEvent['action'], digest: string | null, modelId = 'm'): ModelEvent => ({
  sequence: 1,
  action,
  modelId,
  version: '',
  digest,
  by: 'reader',
  at: '',
})

test.each([
  ['1.0.0', '1.0.1', -1],
  ['1.9.0', '1.10.0', -1],
  ['2.0.0', '1.99.99', 1],
  ['1.2.3', '1.2.3', 0],
  ['', '0.0.0', -1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
  expect(Math.sign(compareVersions(b, a))).toBe(-sign + 0)
})

test('what was put to use last is in use, while it is there', () => {
  const [old, young] = [added('1.0.0', 'a'), added('2.0.0', 'b')]
  const events = [event('used', 'a'), event('used', 'b'), event('used', 'x', 'other')]
  expect(activeOf([old, young], events)).toBe(young)
  expect(activeOf([old], events)).toBe(old)
  expect(activeOf([bundledOne, old, young], [...events, event('used', null)])).toBe(bundledOne)
})

test('without a choice what came with Overread is, else the oldest', () => {
  expect(activeOf([added('2.0.0', 'b'), bundledOne], [event('added', 'b')])).toBe(bundledOne)
  const [young, old] = [added('1.10.0', 'b'), added('1.9.0', 'a')]
  expect(activeOf([young, old], [])).toBe(old)
  expect(activeOf([], [])).toBeNull()
})
