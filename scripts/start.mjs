// npm start: sets everything up and opens the app. Further arguments are files and folders to import.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { ensureSystemLibraries } from './setup/system-libraries.mjs'
import { electronRuntime } from './setup/electron-runtime.mjs'
import { root } from './setup/paths.mjs'

await setUp()
ensureSystemLibraries()
const runtime = await electronRuntime()
const binary = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron'
// Chromium refuses its sandbox to root; for everyone else it stays on.
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const child = spawn(join(runtime, binary), [...asRoot, root, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
