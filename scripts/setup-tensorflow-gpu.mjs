// npm run setup:tensorflow-gpu: TensorFlow's own library, for networks that cannot be translated to ONNX. On request alone.
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { say, stop } from './setup/console.mjs'
import { root } from './setup/paths.mjs'

const version = '4.22.0'
const [major] = process.versions.node.split('.').map(Number)
const hasGpu = process.platform === 'linux' && process.arch === 'x64' && readdirSync('/dev').some((name) => /^nvidia\d/.test(name))
const name = hasGpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'

say(`this installs ${name} ${version} beside the other packages, without naming it in package.json.`)
say('its install step fetches the TensorFlow library, some hundred megabytes, from storage.googleapis.com.')
if (hasGpu) say('on the GPU it needs the CUDA 11 and cuDNN 8 libraries of NVIDIA, which it does not bring.')
else say('no NVIDIA GPU was found that it could use, so this is the library for the CPU.')
say('Overread works without it: what it would run is then run by the WebAssembly of TensorFlow.js, which is slower.')
if (major >= 23) stop(`it does not install with Node ${process.versions.node}: use Node 20 or 22.`)

await setUp({ build: false })
npm('install', '--no-save', '--include=dev', `${name}@${version}`)
// No other package's scripts are run.
npm('rebuild', '--ignore-scripts=false', '--foreground-scripts', name)
const loading = `require(${JSON.stringify(name)}); process.exitCode = require('@tensorflow/tfjs-core').backend().isUsingGpuDevice ? 0 : 3`
const { status } = spawnSync(process.execPath, ['-e', loading], { cwd: root, stdio: ['ignore', 2, 2] })
if (status !== 0 && status !== 3) stop(`${name} is installed, but its library does not load on this computer.`)
const ready = createRequire(join(root, 'package.json'))(`${name}/package.json`).version
say(`${name} ${ready} is ready, on the ${status === 0 ? 'GPU' : 'CPU'}.`)
if (hasGpu && status === 3) say('TensorFlow found no GPU: its CUDA 11 or cuDNN 8 are missing, or too new.')

/** Left to itself npm would take the packages for development away where NODE_ENV says production. */
function npm(...words) {
  const { NODE_ENV: _, ...env } = process.env
  const shell = process.platform === 'win32'
  const done = spawnSync('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell,
    env,
  })
  if (done.status === 0) return
  rmSync(join(root, 'node_modules', name), { recursive: true, force: true })
  stop(`${name} could not be installed; npm said why above. Nothing of Overread depends on it.`)
}
