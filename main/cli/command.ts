/** What a command of the command line is, and how its arguments are read. */
import { parseArgs, type ParseArgsConfig } from 'node:util'

export type Options = NonNullable<ParseArgsConfig['options']>

export interface Invocation {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

/** What a command leaves: a document for `--json`, lines for a person, and whether it did what was asked. */
export interface Outcome {
  readonly document: unknown
  readonly text: string
  readonly failed: boolean
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** What `--help` tells besides, where there is more. */
  readonly about?: string
  /** After `overread `. */
  readonly usage: string
  readonly options: Options
  /** A line an option, in the order of the help. */
  readonly help: readonly (readonly [option: string, text: string])[]
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [number, number]
  run(invocation: Invocation): Promise<Outcome>
}

/** The arguments were not understood: exit code 2. */
export class UsageError extends Error {}

const shared: Options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }

/** @throws UsageError */
export function readInvocation(command: Command, argv: readonly string[]): Invocation {
  let parsed
  try {
    parsed = parseArgs({ args: [...argv], options: { ...shared, ...command.options }, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0])
  }
  const [fewest, most] = command.positionals
  if (!parsed.values.help && (parsed.positionals.length < fewest || parsed.positionals.length > most)) {
    throw new UsageError(parsed.positionals.length < fewest ? 'too few arguments' : 'too many arguments')
  }
  return { positionals: parsed.positionals, values: parsed.values as Invocation['values'] }
}

export function helpOf(command: Command): string {
  const rows = [...command.help, ['--json', 'print exactly one JSON document on standard output'] as const]
  const width = Math.max(...rows.map(([option]) => option.length)) + 2
  return [
    `overread ${command.usage}`,
    '',
    command.summary,
    ...(command.about === undefined ? [] : ['', command.about]),
    '',
    ...rows.map(([option, text]) => `  ${option.padEnd(width)}${text}`),
    '',
  ].join('\n')
}

/** A text option, or null. */
export function textOption({ values }: Invocation, name: string): string | null {
  const value = values[name]
  return typeof value === 'string' ? value : null
}
