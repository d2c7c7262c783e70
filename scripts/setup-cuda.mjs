// npm run setup:cuda: ONNX Runtime's libraries for NVIDIA GPUs, which its package does not bring. On request alone.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { say, stop } from './setup/console.mjs'
import { root } from './setup/paths.mjs'

/** They fit one version of the runtime alone. */
const runtime = '1.29.0'
const source = 'com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9'
const libraries = {
  'libonnxruntime_providers_shared.so': 'c6a12593396095f5670160e284c35d1700b7708cf3037b7042e2a5200ccae772',
  'libonnxruntime_providers_cuda.so': '56cf3254b118ad837ccc4ed8f6d1b23504bbf7ef91b34cbc0b289cb7f10b3037',
}

say(`this puts the CUDA libraries of ONNX Runtime ${runtime} beside the runtime itself, 230 MB, from the npm package ${source}.`)
say('they need CUDA 13 and cuDNN 9 of NVIDIA, which they do not bring. Without them WebGPU or the CPU runs the networks.')
if (process.platform !== 'linux' || process.arch !== 'x64') stop('they are offered for Linux on x64 alone.')

await setUp({ build: false })
const require = createRequire(join(root, 'package.json'))
const installed = require('onnxruntime-node/package.json').version
if (installed !== runtime) stop(`they belong to ONNX Runtime ${runtime}, and ${installed} is installed.`)

const folder = mkdtempSync(join(tmpdir(), 'overread-cuda-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
run('npm', ['pack', source, '--pack-destination', folder, '--loglevel=error'], 'they could not be fetched; npm said why above.')
run('tar', ['-xzf', join(folder, `${source.replace('@', '-')}.tgz`), '-C', folder], 'what was fetched could not be unpacked.')
for (const [name, expected] of Object.entries(libraries)) {
  const file = join(folder, 'package/Plugins/Linux/x64', name)
  if (createHash('sha256').update(readFileSync(file)).digest('hex') !== expected) stop(`${name} is not the file it should be.`)
}
const target = join(root, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64')
for (const name of Object.keys(libraries)) {
  copyFileSync(join(folder, 'package/Plugins/Linux/x64', name), join(target, `.${name}`))
  renameSync(join(target, `.${name}`), join(target, name))
}

// Any network makes the libraries load.
const trial = `
process.env.ORT_DISABLE_TELEMETRY = '1'
const { InferenceSession, env } = require('onnxruntime-node')
env.logLevel = 'fatal'
InferenceSession.create('models/chest-input-check/model.onnx', { executionProviders: ['cuda'], logSeverityLevel: 4 }).catch((error) => {
  console.error(error.message.split('\\n')[0])
  process.exitCode = 1
})`
const tried = spawnSync(process.execPath, ['-e', trial], { cwd: root, encoding: 'utf8' })
if (tried.status === 0) say('they are in their place, and CUDA runs on this computer.')
else say(`they are in their place, but CUDA does not run on this computer: ${missing() || tried.stderr.trim() || 'it stopped the process'}`)

/** The libraries of NVIDIA that are not there; the runtime says only that something could not be loaded. */
function missing() {
  const { stdout } = spawnSync('ldd', [join(target, 'libonnxruntime_providers_cuda.so')], { encoding: 'utf8' })
  const names = [...(stdout ?? '').matchAll(/(\S+) => not found/g)].map(([, name]) => name)
  return names.length > 0 ? `${names.join(', ')} not found` : ''
}

function run(program, words, fault) {
  if (spawnSync(program, words, { cwd: root, stdio: ['ignore', 2, 2] }).status !== 0) stop(fault)
}
