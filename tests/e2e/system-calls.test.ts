/**
 * The system calls of the whole path, from the start to the end of the app with an idle time between: no socket but those
 * between processes of this machine. The idle time is short here, and ten minutes with OVERREAD_FULL=1.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { testIds } from '../../contracts/test-ids'
import { repository } from '../shared-data'
import { drawnChest } from '../samples/drawn-phantoms'
import { appSwitches } from './app'

const folder = mkdtempSync(join(tmpdir(), 'overread-calls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** ONNX Runtime, left to itself, looks for its maker about ten seconds after the first run. */
const idleMs = process.env.OVERREAD_FULL === '1' ? 600_000 : 15_000
const traceOptions = [
  '-f',
  '--seccomp-bpf',
  '-qq',
  '-e',
  'trace=socket,socketpair,connect,bind,sendto,sendmsg,sendmmsg',
  '-e',
  'signal=none',
]
/** Absent, or not allowed to trace. */
const canTrace = spawnSync('strace', [...traceOptions, '-o', '/dev/null', 'true']).status === 0

/** As a reader has it: a runtime that is silent under tests is not to pass for one that is silent. */
const { CI: _ci, ORT_DISABLE_TELEMETRY: _off, ORT_RUNNING_UNIT_TESTS: _tests, ...withoutOptOuts } = process.env

interface Run {
  readonly output: string
  readonly calls: readonly string[]
}

function traced(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const trace = join(folder, `trace-${program.replaceAll('/', '-')}`)
  return new Promise((done) => {
    const child = spawn('strace', [...traceOptions, '-o', trace, program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
    child.on('close', () => done({ output, calls: readFileSync(trace, 'utf8').split('\n').filter(Boolean) }))
  })
}

/** How often sockets of each family and kind were asked for. */
function sockets(calls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const call of calls) {
    const [, family, kind] = /\bsocket(?:pair)?\((\w+), (\w+)/.exec(call) ?? []
    if (family !== undefined) counts[`${family} ${kind}`] = (counts[`${family} ${kind}`] ?? 0) + 1
  }
  return counts
}

/**
 * What reaches beyond this machine's own processes: a socket of another family, or an address of one that is bound, connected or
 * sent to. Netlink speaks to the kernel alone. So does a datagram socket without any address: Chromium asks by one what kind of
 * network each interface is, and closes it.
 */
function beyond(calls: readonly string[]): string[] {
  const opened = Object.keys(sockets(calls)).filter((socket) => !/^AF_(UNIX|LOCAL|NETLINK) |^AF_INET6? SOCK_DGRAM$/.test(socket))
  const addressed = calls.filter((call) => /sa_family=AF_(?!UNIX\b|LOCAL\b|NETLINK\b|UNSPEC\b)/.test(call))
  return [...opened, ...addressed]
}

describe.runIf(canTrace)('system calls', () => {
  test.each([
    { what: 'connects', code: `require('node:net').connect(9, '127.0.0.1').on('error', () => {})` },
    { what: 'listens', code: `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => server.close())` },
    {
      what: 'sends',
      code: `const socket = require('node:dgram').createSocket('udp4'); socket.send('x', 9, '127.0.0.1', () => socket.close())`,
    },
  ])('a program that $what is seen to', async ({ code }) => {
    const { calls } = await traced(process.execPath, ['-e', code], process.env)
    expect(beyond(calls)).not.toEqual([])
  })

  test(
    'start, open, analyse, comment and idle: no socket but local ones',
    async () => {
      const home = join(folder, 'home')
      mkdirSync(home)
      writeFileSync(join(folder, 'IM0'), drawnChest().bytes)
      const electron = join(process.env.ELECTRON_OVERRIDE_DIST_PATH!, 'electron')
      const args = [...appSwitches, '-r', join(repository, 'tests/e2e/traced-reader.cjs'), repository, '--archive', join(folder, 'archive'), join(folder, 'IM0')] // prettier-ignore
      const { output, calls } = await traced(electron, args, { ...withoutOptOuts, HOME: home, OVERREAD_IDS: JSON.stringify(testIds), OVERREAD_IDLE_MS: String(idleMs) }) // prettier-ignore
      expect(output).toContain('read to the end')
      console.log(`sockets: ${JSON.stringify(sockets(calls))}`)
      expect(sockets(calls)['AF_UNIX SOCK_STREAM']).toBeGreaterThan(0)
      expect(beyond(calls)).toEqual([])
      const addresses = calls.flatMap((call) => /\bconnect\(\d+, \{sa_family=AF_UNIX, sun_path=@?"([^"]*)"/.exec(call)?.[1] ?? [])
      console.log(`connected to: ${[...new Set(addresses)].sort().join(', ')}`)
      const known = [/^\/tmp\/\.X11-unix\/X\d+$/, /dbus|\/bus$/, /^\/var\/run\/nscd\/socket$/, new RegExp(`^${tmpdir()}/`), /^\/run\//]
      expect(addresses.filter((address) => !known.some((pattern) => pattern.test(address)))).toEqual([])
    },
    300_000 + idleMs,
  )
})

test.skipIf(canTrace)('system calls could not be traced: strace is not here or may not trace', (context) => context.skip())
