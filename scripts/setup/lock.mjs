// One set-up at a time: a second waits until the first is done.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from './console.mjs'
import { root } from './paths.mjs'

const folder = join(tmpdir(), `overread-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
const pidFile = join(folder, 'pid')
const waitMs = 100

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function ownerGone() {
  try {
    return !alive(Number(readFileSync(pidFile, 'utf8')))
  } catch {
    return false
  }
}

function acquire() {
  try {
    mkdirSync(folder)
    writeFileSync(pidFile, String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (ownerGone()) rmSync(folder, { recursive: true, force: true })
    return false
  }
}

export async function withLock(work) {
  for (let waited = 0; !acquire(); waited += waitMs) {
    if (waited === 2000) say('waiting for another set-up of this folder to finish')
    await new Promise((done) => setTimeout(done, waitMs))
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
