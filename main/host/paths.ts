/** Where the built entries and the models are, seen from an entry in `out/node/`. */
import { fileURLToPath } from 'node:url'

export interface HostPaths {
  readonly worker: URL
  readonly archiveThread: URL
  readonly compute: string
  /** Folders whose subfolders are model packages. */
  readonly models: readonly string[]
}

/** `entry`: `import.meta.url` of a file directly in `out/node/`. */
export function hostPaths(entry: string): HostPaths {
  return {
    worker: new URL('./worker.js', entry),
    archiveThread: new URL('./archive-thread.js', entry),
    compute: fileURLToPath(new URL('./compute.js', entry)),
    models: [fileURLToPath(new URL('../../models/', entry))],
  }
}
