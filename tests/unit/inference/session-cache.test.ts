import { expect, test } from 'vitest'
import { SessionCache } from '../../../main/inference/session-cache'

/** Each open session holds `memory.each` bytes. */
function cache(bounds: { sessions: number; residentBytes: number }) {
  const open = new Set<string>()
  const memory = { each: 100 }
  const sessions = new SessionCache({ ...bounds, readResident: () => open.size * memory.each })
  const add = async (key: string) => {
    open.add(key)
    await sessions.add(key, { session: { run: async () => [], release: async () => void open.delete(key) } })
  }
  return { open, memory, sessions, add }
}

test('closes the least lately used beyond the number', async () => {
  const { open, sessions, add } = cache({ sessions: 2, residentBytes: Infinity })
  await add('a')
  await add('b')
  expect(sessions.get('a')).toBeDefined()
  await add('c')
  expect([...open].sort()).toEqual(['a', 'c'])
  expect(sessions.get('b')).toBeUndefined()
})

test('closes as many as bring the process under its bytes', async () => {
  const { open, add } = cache({ sessions: 9, residentBytes: 250 })
  for (const key of ['a', 'b', 'c', 'd']) await add(key)
  expect([...open]).toEqual(['c', 'd'])
})

test('what grew in a run is trimmed after it', async () => {
  const { open, memory, sessions, add } = cache({ sessions: 9, residentBytes: 250 })
  await add('a')
  await add('b')
  expect(open.size).toBe(2)
  memory.each = 200
  await sessions.trim()
  expect([...open]).toEqual(['b'])
})

test('keeps the last used session however much it holds', async () => {
  const { open, add } = cache({ sessions: 9, residentBytes: 50 })
  await add('a')
  await add('b')
  expect([...open]).toEqual(['b'])
})

test('a session that replaces another of its key closes it', async () => {
  const { sessions } = cache({ sessions: 9, residentBytes: Infinity })
  const closed: string[] = []
  const entry = (name: string) => ({ session: { run: async (): Promise<[]> => [], release: async () => void closed.push(name) } })
  await sessions.add('a', entry('first'))
  await sessions.add('a', entry('second'))
  expect(closed).toEqual(['first'])
})
