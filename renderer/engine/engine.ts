/** The one engine client of this window. */
import type { ShellApi } from '../../contracts/shell'
import { EngineClient } from './engine-client'

declare global {
  interface Window {
    readonly overread: ShellApi
  }
}

export const shell = window.overread
export const engine = new EngineClient(
  shell,
  new Worker(new URL('./port-worker.ts', import.meta.url), { type: 'module', name: 'engine port' }),
)
