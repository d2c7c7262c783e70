/** The window's one self-check: the command starts it, the Models screen shows it. */
import { engine } from '../engine/engine'
import { SelfCheckState } from './self-check-state.svelte'

export const selfCheck = new SelfCheckState(engine)
