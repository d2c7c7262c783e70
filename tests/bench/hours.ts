/**
 * A day of reading: 500 studies of as many patients found, opened, scrolled, analysed, decided and closed (OVERREAD_STUDIES
 * sets another number). What each process alone holds at the end, beside what it held after the tenth study. Linux.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ReadingHours, type Held } from '../e2e/reading-hours'
import { useDisplay } from './support/display'
import { median } from './support/measure'

const studies = Number(process.env.OVERREAD_STUDIES ?? 500)
/** Readings are taken after each of so many studies and their median counts: a collection may just have been, or be due. */
const readings = 5
const settled = 10
/** The graphics process gives back what it drew with some seconds after the last frame: a third of all it holds. */
const restMs = 8000
let hours: ReadingHours

useDisplay()
beforeAll(async () => {
  hours = await ReadingHours.begin(studies)
})
afterAll(async () => {
  await hours?.end()
})

async function heldAtRest(): Promise<Held> {
  await new Promise((done) => setTimeout(done, restMs))
  return hours.held()
}

/** How it goes on, as the whole takes half an hour. */
async function tell(study: number): Promise<void> {
  const { processes, nodes, heap } = await heldAtRest()
  const held = Object.entries(processes).map(([name, { bytes }]) => `${name} ${(bytes / 2 ** 20).toFixed(0)} MB`)
  console.log(`${study} studies: ${held.join(', ')}, scripts ${(heap / 2 ** 20).toFixed(1)} MB, ${nodes} nodes`)
}

async function readUpTo(first: number, last: number): Promise<Held[]> {
  const taken: Held[] = []
  for (let study = first; study <= last; study++) {
    await hours.readNext()
    if (study > last - readings) taken.push(await heldAtRest())
    if (study % 25 === 0) await tell(study)
  }
  return taken
}

test(`${studies} studies`, { timeout: 7_200_000 }, async () => {
  const before = await readUpTo(1, settled)
  const middle = await readUpTo(settled + 1, Math.floor(studies / 2))
  const after = await readUpTo(Math.floor(studies / 2) + 1, studies)
  const of = (taken: readonly Held[], value: (held: Held) => number) => median(taken.map(value))
  const row = (what: string, value: (held: Held) => number, unit = 1) => {
    const [first, half, last] = [before, middle, after].map((taken) => of(taken, value) / unit)
    return {
      what,
      [`after ${settled}`]: first.toFixed(0),
      half: half.toFixed(0),
      'at the end': last.toFixed(0),
      ratio: (last / first).toFixed(2),
    }
  }
  const names = Object.keys(after[0].processes)
  console.table([
    ...names.map((name) => row(`${name}, MB`, (held) => held.processes[name].bytes, 2 ** 20)),
    ...names.map((name) => row(`${name}, open files`, (held) => held.processes[name].handles)),
    row('listeners of the window', (held) => held.listeners),
    row('nodes of the window', (held) => held.nodes),
    row('scripts of the window, MB', (held) => held.heap, 2 ** 20),
  ])
  // The aim: after a day within a tenth of what it was after ten studies. Open files come and go by a few.
  const last = after.at(-1)!
  for (const name of names) {
    const ratio = of(after, (held) => held.processes[name].bytes) / of(before, (held) => held.processes[name].bytes)
    expect.soft(ratio, `memory of ${name}`).toBeLessThanOrEqual(1.1)
    expect.soft(last.processes[name].handles, `open files of ${name}`).toBeLessThanOrEqual(before[0].processes[name].handles + 3)
    expect.soft(last.processes[name].count, name).toBe(before[0].processes[name].count)
  }
  expect.soft(last.listeners, 'listeners').toBeLessThanOrEqual(before[0].listeners + 3)
})
