/** Runs the built command line as its users do, without Electron. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repository } from '../../shared-data'

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export function overread(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(repository, 'out/node/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** With --json: the one document, and the exit code. */
export async function overreadJson<T>(...args: readonly string[]): Promise<{ code: number | null; document: T }> {
  const { code, stdout } = await overread(...args, '--json')
  return { code, document: JSON.parse(stdout) as T }
}
