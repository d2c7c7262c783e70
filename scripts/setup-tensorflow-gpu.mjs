// npm run setup:tensorflow-gpu: TensorFlow's own library, for networks that cannot be translated to ONNX. On request alone.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setUp } from './setup.mjs'
import { say, stop } from './setup/console.mjs'
import { root } from './setup/paths.mjs'

const version = '4.22.0'
const [major] = process.versions.node.split('.').map(Number)
const gpu = process.platform === 'linux' && process.arch === 'x64'
const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'

say(`this installs ${name} ${version} beside the other packages, without naming it in package.json.`)
say('its install step fetches the TensorFlow library, some hundred megabytes, from storage.googleapis.com.')
if (gpu) say('on the GPU it needs the CUDA 11 and cuDNN 8 libraries of NVIDIA, which it does not bring.')
say('Overread works without it: what it would run is then run by the WebAssembly of TensorFlow.js, which is slower.')
if (major >= 23) stop(`it does not work with Node ${process.versions.node}: use Node 20 or 22.`)

await setUp()
const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`], {
  cwd: root,
  stdio: ['ignore', 2, 2],
  shell: process.platform === 'win32',
})
if (npm.status !== 0) stop(`${name} could not be installed; npm said why above. Nothing of Overread depends on it.`)
const loaded = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(name)})`], { cwd: root, stdio: ['ignore', 2, 2] })
if (loaded.status !== 0) stop(`${name} is installed, but its library does not load on this computer.`)
say(`${name} ${createRequire(join(root, 'package.json'))(`${name}/package.json`).version} is ready.`)
