// A virtual display for the end-to-end tests; the number is chosen by Xvfb itself.
import { spawn } from 'node:child_process'

export function startDisplay() {
  return new Promise((resolve, reject) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error('Xvfb ended before it was ready')))
    server.stdio[3].once('data', (number) => resolve({ name: `:${String(number).trim()}`, stop: () => server.kill() }))
  })
}
