// npm run pack: the program as a folder, for this platform. The development runtime is never packed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { stop } from './setup/console.mjs'
import { cacheFolder, root } from './setup/paths.mjs'
import { electronRuntime } from './setup/electron-runtime.mjs'

await setUp()
const runtime = await electronRuntime()
if (runtime.startsWith(cacheFolder) && !process.argv.includes('--for-tests')) {
  stop(
    'Electron could not be fetched; the runtime for development is not packed. `npm run pack -- --for-tests` packs it for a trial on this machine.',
  )
}
const builder = join(root, 'node_modules/electron-builder/cli.js')
const { status } = spawnSync(process.execPath, [builder, '--dir', `--config.electronDist=${runtime}`, '--publish=never'], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
