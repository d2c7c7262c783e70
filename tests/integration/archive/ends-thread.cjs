// Preloaded into a process: a thread of it that opens a DICOM file of a megabyte ends at once, as if the file had been too much.
/* eslint-disable @typescript-eslint/no-require-imports -- what --require loads is CommonJS */
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const { isMainThread } = require('node:worker_threads')

const largest = 1_000_000

if (!isMainThread) {
  const { openSync } = fs
  fs.openSync = (...given) => {
    const file = openSync(...given)
    const { size } = fs.fstatSync(file)
    const prefix = Buffer.alloc(4)
    if (size > largest && fs.readSync(file, prefix, 0, 4, 128) === 4 && prefix.toString() === 'DICM') process.exit(1)
    return file
  }
  syncBuiltinESMExports()
}
