/** Which screen is shown, and the way back. */
import type { InspectedPicture } from '../inspector/inspected-picture'

export type Screen =
  | { readonly name: 'worklist' }
  | { readonly name: 'reading'; readonly studyKey: number }
  | { readonly name: 'inspector'; readonly picture: InspectedPicture }
  | { readonly name: 'models' }
  | { readonly name: 'help' }

class Route {
  screen = $state.raw<Screen>({ name: 'worklist' })
  #before: Screen[] = []

  go(screen: Screen): void {
    if (screen.name === this.screen.name && screen.name !== 'reading') return
    // From study to study the way back still leads to the worklist.
    if (!(screen.name === 'reading' && this.screen.name === 'reading')) this.#before.push(this.screen)
    this.screen = screen
    if (screen.name === 'worklist') this.#before = []
  }

  back(): void {
    this.screen = this.#before.pop() ?? { name: 'worklist' }
  }
}

export const route = new Route()
