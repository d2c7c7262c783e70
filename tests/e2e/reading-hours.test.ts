/** Nothing grows with the studies that were read: no process, no open file, no listener. The long form is a bench. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ReadingHours, type Held } from './reading-hours'

const [settled, more] = [4, 6]
let hours: ReadingHours

beforeAll(async () => {
  hours = await ReadingHours.begin()
})
afterAll(() => hours?.end())

const handles = ({ processes }: Held) => Object.fromEntries(Object.entries(processes).map(([name, process]) => [name, process.handles]))

test.skipIf(process.platform !== 'linux')(
  'after further studies the app holds the processes, files and listeners it held before',
  async () => {
    for (let study = 0; study < settled; study++) await hours.readNext()
    const before = await hours.held()
    for (let study = 0; study < more; study++) await hours.readNext()
    const after = await hours.held()
    expect(Object.keys(after.processes)).toEqual(Object.keys(before.processes))
    for (const [name, count] of Object.entries(handles(after))) expect(count, name).toBeLessThanOrEqual(handles(before)[name] + 2)
    expect(after.listeners).toBeLessThanOrEqual(before.listeners)
    expect(after.documents).toBeLessThanOrEqual(before.documents)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes * 1.05)
  },
)
