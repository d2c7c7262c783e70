import { expect, test } from 'vitest'
import { chooseThreads, threadCandidates } from '../../../main/inference/choose-threads'

/** Sessions whose runs take the time that `msOf` says, on a clock of their own. */
function engine(msOf: (threads: number, run: number) => number, others = 0) {
  let clock = 0
  const open = new Set<number>()
  const runs: number[] = []
  return {
    open,
    runs,
    now: () => clock,
    watchOthers: () => () => others,
    start: async (threads: number) => {
      open.add(threads)
      let run = 0
      return {
        run: async () => {
          runs.push(threads)
          clock += msOf(threads, run++)
          return []
        },
        release: async () => void open.delete(threads),
      }
    },
  }
}
const input = { values: new Float32Array(1), shape: [1] }

test.each([
  { most: 1, candidates: [1] },
  { most: 2, candidates: [1, 2] },
  { most: 6, candidates: [1, 2, 4, 6] },
  { most: 64, candidates: [4, 8, 16, 32, 64] },
])('$most cores are tried with $candidates threads', ({ most, candidates }) => expect(threadCandidates(most)).toEqual(candidates))

test.each([
  { why: 'the fastest', ms: { 1: 100, 2: 60, 4: 40 }, threads: 4 },
  { why: 'fewer threads that are as good', ms: { 1: 100, 2: 41.9, 4: 40 }, threads: 2 },
  { why: 'more threads where fewer are not as good', ms: { 1: 100, 2: 42.1, 4: 40 }, threads: 4 },
  { why: 'one thread where more are slower', ms: { 1: 30, 2: 35, 4: 90 }, threads: 1 },
])('takes $why, and closes the other sessions', async ({ ms, threads }) => {
  const fake = engine((count) => ms[count as 1 | 2 | 4])
  const chosen = await chooseThreads([1, 2, 4], fake.start, input, fake)
  expect(chosen.threads).toBe(threads)
  expect([...fake.open]).toEqual([threads])
})

test('takes no account of the first run, nor of one that something else delayed', async () => {
  const fake = engine((threads, run) =>
    run === 0 ? (threads === 2 ? 500 : 1) : run === 2 && threads === 2 ? 300 : threads === 2 ? 20 : 50,
  )
  expect((await chooseThreads([1, 2], fake.start, input, fake)).threads).toBe(2)
  expect(fake.runs).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
})

test('a slow network is measured once, as the reader waits', async () => {
  const fake = engine((threads) => 2000 / threads)
  expect((await chooseThreads([1, 2], fake.start, input, fake)).threads).toBe(2)
  expect(fake.runs).toEqual([1, 2, 1, 2])
})

test.each([
  { others: 0.1, expected: { threads: 1, measured: true } },
  { others: 0.11, expected: { threads: 4, measured: false } },
])('where others take $others of the cores: $expected', async ({ others, expected }) => {
  const fake = engine((threads) => threads, others)
  expect(await chooseThreads([1, 2, 4], fake.start, input, fake)).toMatchObject(expected)
  expect([...fake.open]).toEqual([expected.threads])
})

test('one candidate is not measured', async () => {
  const fake = engine(() => 10)
  expect((await chooseThreads([1], fake.start, input, fake)).threads).toBe(1)
  expect(fake.runs).toEqual([])
})

test('leaves no session open where a run fails', async () => {
  const fake = engine((threads) => {
    if (threads === 2) throw new Error('no run')
    return 1
  })
  await expect(chooseThreads([1, 2], fake.start, input, fake)).rejects.toThrow('no run')
  expect([...fake.open]).toEqual([])
})
