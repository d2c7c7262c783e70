// Node 20.19 is the oldest that the tools run on.
import { stop } from './console.mjs'

export function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`Node ${process.versions.node} is too old. Overread needs Node 20.19 or newer.`)
  }
}
