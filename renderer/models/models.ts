/** The window's one view of the networks: what is added goes on while another screen is shown. */
import { engine } from '../engine/engine'
import { ModelsState } from './models-state.svelte'

export const networks = new ModelsState(engine)
