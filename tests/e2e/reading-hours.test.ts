/** Nothing grows with the studies that were read: no process, no open file, no listener. The long form is a bench. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { ReadingHours, type Held } from './reading-hours'

/** Once each study of the list has its result, nothing in the list grows either. */
const [settled, more] = [4, 9]
let hours: ReadingHours

beforeAll(async () => {
  hours = await ReadingHours.begin(settled)
})
afterAll(() => hours?.end())

test('what a closed study was drawn on is given back at once, and is not for the collector', async () => {
  const { page } = hours
  await hours.openNext()
  const drawnOn = await page.getByTestId(testIds.viewport).evaluateHandle((viewport) => [...viewport.querySelectorAll('canvas')])
  const pixels = () => drawnOn.evaluate((canvases) => canvases.map(({ width, height }) => width * height))
  const before = await pixels()
  expect(before.length).toBeGreaterThan(1)
  expect(Math.min(...before)).toBeGreaterThan(10_000)
  await hours.close()
  expect(await pixels()).toEqual(before.map(() => 0))
  await drawnOn.dispose()
})

test('one graphics context draws every study', async () => {
  const { page } = hours
  await hours.openNext()
  await hours.close()
  await page.evaluate(() => {
    const drawnWith = new Set<HTMLCanvasElement>()
    Object.assign(globalThis, { drawnWith })
    const plain = HTMLCanvasElement.prototype.getContext
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      if (kind.startsWith('webgl')) drawnWith.add(this)
      return Reflect.apply(plain, this, [kind, ...more]) as never
    }
  })
  for (let study = 0; study < 3; study++) {
    await hours.openNext()
    // Cornerstone's own canvas, not the plain one that stands in for it.
    expect(await page.locator('.stage .cornerstone-canvas').count()).toBe(1)
    await hours.close()
  }
  // That of the first study, should it be asked for again.
  expect(await page.evaluate(() => (globalThis as unknown as { drawnWith: Set<unknown> }).drawnWith.size)).toBeLessThanOrEqual(1)
})

const counts = ({ processes }: Held) => Object.fromEntries(Object.entries(processes).map(([name, { count }]) => [name, count]))

test.skipIf(process.platform !== 'linux')(
  'after further studies the app holds the processes, files and listeners it held before',
  async () => {
    for (let study = 0; study < settled; study++) await hours.readNext()
    const before = await hours.held()
    for (let study = 0; study < more; study++) await hours.readNext()
    const after = await hours.held()
    expect(counts(after)).toEqual(counts(before))
    for (const [name, { handles }] of Object.entries(after.processes))
      expect(handles, name).toBeLessThanOrEqual(before.processes[name].handles + 2)
    // One a study would be nine; one or two come and go.
    expect(after.listeners).toBeLessThanOrEqual(before.listeners + 3)
    expect(after.documents).toBeLessThanOrEqual(before.documents)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes * 1.05)
  },
)
