/** What a reader does in the window, in the words of the tests. */
import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { testIds } from '../../contracts/test-ids'

const patienceMs = 90_000

/** Asks again until the answer is the one expected; says the last one when time is up. */
export async function eventually<T>(ask: () => Promise<T>, expected: T, what: string, timeoutMs = patienceMs): Promise<void> {
  const end = Date.now() + timeoutMs
  let last: T = await ask()
  while (!Object.is(last, expected) && Date.now() < end) {
    await new Promise((done) => setTimeout(done, 100))
    last = await ask()
  }
  expect(last, what).toBe(expected)
}

export class Reader {
  constructor(readonly page: Page) {}

  get rows(): Locator {
    return this.page.getByTestId(testIds.worklistRow)
  }

  get findings(): Locator {
    return this.page.getByTestId(testIds.findingRow)
  }

  get viewport(): Locator {
    return this.page.getByTestId(testIds.viewport)
  }

  async waitForStudies(count: number): Promise<void> {
    await eventually(() => this.rows.count(), count, 'studies in the worklist')
  }

  /** Opens the study whose row holds this text, and waits for its picture. */
  async openStudy(text: string): Promise<void> {
    await this.rows.filter({ hasText: text }).first().dblclick()
    await this.waitForPicture()
  }

  async waitForPicture(): Promise<void> {
    await eventually(() => this.viewport.getAttribute('data-state'), 'shown', 'state of the viewport')
  }

  async backToWorklist(): Promise<void> {
    await this.page.getByTestId(testIds.backToWorklist).click()
    await this.page.getByTestId(testIds.worklistTable).waitFor()
  }

  /** Chooses the model by its id and starts it on the series. */
  async analyse(modelId: string, scope: 'image' | 'series' | 'study' = 'series'): Promise<void> {
    const scopes = { image: testIds.analyseImage, series: testIds.analyseSeries, study: testIds.analyseStudy }
    await this.page.getByTestId(testIds.analyseButton).click()
    await this.page.locator(`[data-testid="${testIds.analyseModel}"][data-model-id="${modelId}"]`).click()
    await this.page.getByTestId(scopes[scope]).click()
  }

  /** Waits until the panel stands at one of these states; answers with it. */
  async waitForState(...states: readonly string[]): Promise<string> {
    const element = this.page.getByTestId(testIds.findingsState)
    let state = ''
    await eventually(
      async () => {
        state = (await element.count()) > 0 ? ((await element.first().getAttribute('data-state')) ?? '') : ''
        return states.includes(state)
      },
      true,
      `state of the findings panel, one of ${states.join(', ')} (last seen: ${state})`,
    )
    return state
  }

  /** Waits until the picture shown carries an overlay of its own. */
  async waitForOverlay(): Promise<void> {
    await eventually(
      async () => {
        const picture = await this.viewport.getAttribute('data-picture')
        const overlay = await this.page.getByTestId(testIds.overlayCanvas).getAttribute('data-overlay')
        return picture !== '' && picture === overlay
      },
      true,
      'overlay of the picture shown',
    )
  }

  /** Pixels of a canvas of ours that are painted at all, and whether any of them is amber. */
  async painted(testId: string): Promise<{ pixels: number; amber: number }> {
    return this.page.getByTestId(testId).evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let pixels = 0
      let amber = 0
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 8) pixels++
        if (
          data[at + 3] > 128 &&
          Math.abs(data[at] - 0xff) < 12 &&
          Math.abs(data[at + 1] - 0xb2) < 12 &&
          Math.abs(data[at + 2] - 0x24) < 24
        )
          amber++
      }
      return { pixels, amber }
    })
  }

  /** What the reader sees in the middle of the viewport, where no corner text and no focus ring is, as PNG. */
  async look(): Promise<Buffer> {
    const box = (await this.viewport.boundingBox())!
    return this.page.screenshot({
      clip: { x: box.x + box.width * 0.2, y: box.y + box.height * 0.2, width: box.width * 0.6, height: box.height * 0.6 },
    })
  }

  async press(key: string): Promise<void> {
    await this.viewport.focus()
    await this.page.keyboard.press(key)
  }

  /** "67 / 140" in the corner: the slice shown, from 1. */
  async slice(): Promise<number> {
    const text = (await this.page.getByTestId(testIds.cornerSlice).textContent()) ?? ''
    return Number(/(\d+) \/ \d+/.exec(text)?.[1] ?? NaN)
  }
}
