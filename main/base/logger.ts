/**
 * The log of the engine host, which alone writes it. A line is an event and a few fields; the names of
 * events and fields are fixed and their values plain, so that nothing of a patient can stand in it.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'

/** Fields that may be written, and what their value may be. A number is a count, a size or a time. */
const fields = {
  code: /^[a-z]+\.[a-z-]+$/,
  count: 'number',
  durationMs: 'number',
  bytes: 'number',
  exitCode: 'number',
  attempts: 'number',
  images: 'number',
  jobId: /^[0-9a-f-]{1,64}$/,
  resultId: /^[0-9a-f-]{1,64}$/,
  modelId: /^[a-z][a-z0-9-]{1,63}$/,
  version: /^\d{1,4}\.\d{1,4}\.\d{1,4}$/,
  provider: /^[a-z]{2,16}$/,
  process: /^[a-z-]{2,32}$/,
  signal: /^SIG[A-Z0-9]{2,10}$/,
  task: /^[a-z][a-z.-]{1,63}$/,
  transferSyntaxUid: /^1\.2\.840\.10008\.1\.[0-9.]{1,32}$/,
} as const
type FieldName = keyof typeof fields
export type LogFields = { readonly [K in FieldName]?: (typeof fields)[K] extends 'number' ? number : string }

const eventPattern = /^[a-z][a-z-]*(\.[a-z-]+)*$/
type Level = 'info' | 'warn' | 'error'

export type Logger = { readonly [L in Level]: (event: string, values?: LogFields) => void } & { close(): void }

export interface LoggerOptions {
  /** Bytes after which a new file begins. */
  readonly maximumBytes?: number
  /** Files kept besides the present one. */
  readonly olderFiles?: number
}

/** Logs to `overread.log` in `folder`; older files are `overread.1.log` and so on, the greatest the oldest. */
export function openLogger(folder: string, { maximumBytes = 5 << 20, olderFiles = 4 }: LoggerOptions = {}): Logger {
  const file = rotatingFile(folder, maximumBytes, olderFiles)
  const logger = pino({ base: null, messageKey: 'event', timestamp: () => `,"time":"${new Date().toISOString()}"` }, file)
  const write =
    (level: Level) =>
    (event: string, values: LogFields = {}): void =>
      logger[level](allowed(values), eventPattern.test(event) ? event : 'log.event-withheld')
  return { info: write('info'), warn: write('warn'), error: write('error'), close: () => file.close() }
}

/** Drops what is not on the list: a value of another form could be a name or a path. */
function allowed(values: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const rule = Object.hasOwn(fields, name) ? fields[name as FieldName] : null
      if (rule === null) return false
      return rule === 'number' ? typeof value === 'number' : typeof value === 'string' && rule.test(value)
    }),
  )
}

function rotatingFile(folder: string, maximumBytes: number, olderFiles: number) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const nameOf = (index: number): string => join(folder, index === 0 ? 'overread.log' : `overread.${index}.log`)
  const open = () => openSync(nameOf(0), 'a', 0o600)
  let handle = open()
  let size = fstatSync(handle).size

  const rotate = (): void => {
    closeSync(handle)
    rmSync(nameOf(olderFiles), { force: true })
    for (let index = olderFiles - 1; index >= 0; index--) {
      try {
        renameSync(nameOf(index), nameOf(index + 1))
      } catch {
        // There are fewer files so far.
      }
    }
    handle = open()
    size = 0
  }

  return {
    write(line: string): void {
      const bytes = Buffer.from(line)
      try {
        if (size > 0 && size + bytes.length > maximumBytes) rotate()
        writeSync(handle, bytes)
        size += bytes.length
      } catch {
        // A full disk must not stop the engine for the sake of its log.
      }
    },
    close: () => closeSync(handle),
  }
}
