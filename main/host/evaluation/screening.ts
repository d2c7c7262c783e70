/** Counts what the screening of the pixels said of the pictures of an evaluation. */
import type { ScreeningCounts } from '../../evaluation/evaluation'
import type { Analysis } from '../analysis/analysis-input'

export class ScreeningCounter {
  readonly #pixelCheck = { asked: 0, withheld: 0 }
  readonly #distance = { asked: 0, beyond: 0, withheld: 0 }

  add({ images, screening: ofStack }: Analysis): void {
    for (const { screening, refused } of images) {
      const inputCheck = screening?.inputCheck ?? ofStack?.inputCheck
      const distance = screening?.distance ?? ofStack?.distance
      if (inputCheck) this.#pixelCheck.asked++
      if (distance) this.#distance.asked++
      if (distance && distance.value > distance.threshold) this.#distance.beyond++
      if (refused?.code === 'gate.pixels') this.#pixelCheck.withheld++
      if (refused?.code === 'gate.distribution') this.#distance.withheld++
    }
  }

  get counts(): ScreeningCounts {
    return { pixelCheck: { ...this.#pixelCheck }, distance: { ...this.#distance } }
  }
}
