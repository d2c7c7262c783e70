/** Entry of the command line: exit code 0, 1 (failed) or 2 (usage); with --json one document on stdout, all else on stderr. */
import { refuseCoreDumps } from '../host/core-dump'
import { adviceFor, reportOf } from '../../contracts/errors'
import { helpOf, readInvocation, UsageError, type Command } from './command'
import { commands } from './commands'
import { setEntryUrl } from './entry'
import { plainJson, plainLines, plainText } from './plain-text'

const overview = () =>
  [
    'overread <command> [arguments]',
    '',
    'Research use only. Not a medical device; not for diagnosis or patient management.',
    '',
    ...Object.values(commands).map(({ name, summary }) => `  ${name.padEnd(15)}${summary}`),
    '',
    'overread <command> --help tells more.',
    '',
  ].join('\n')

/** Waits until everything is handed to the system: exiting would cut a pipe short. */
const print = (stream: NodeJS.WriteStream, text: string) => new Promise<void>((done) => stream.write(text, () => done()))

async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  const invocation = readInvocation(command, argv)
  if (invocation.values.help) {
    await print(process.stdout, helpOf(command))
    return 0
  }
  const json = invocation.values.json === true
  try {
    const { document, text, failed } = await command.run(invocation)
    await print(process.stdout, json ? `${plainJson(document)}\n` : plainLines(text))
    return failed ? 1 : 0
  } catch (error) {
    if (error instanceof UsageError) throw error
    const report = reportOf(error)
    if (report.code === 'internal' && process.env.OVERREAD_DEBUG) console.error(error)
    if (json) await print(process.stdout, `${plainJson({ error: report })}\n`)
    const advice = adviceFor(report.code)
    await print(process.stderr, `overread: ${plainText(report.message)} (${report.code})\n${advice === '' ? '' : `${advice}\n`}`)
    return 1
  }
}

/** Of one word or of two. */
function commandNamed(name: string): Command | null {
  return Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : null
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    await print(name === undefined ? process.stderr : process.stdout, overview())
    return name === undefined ? 2 : 0
  }
  const two = commandNamed(`${name} ${rest[0] ?? ''}`)
  const command = two ?? commandNamed(name)
  try {
    if (!command) throw new UsageError(`there is no command "${name}"`)
    return await runCommand(command, two ? rest.slice(1) : rest)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    await print(process.stderr, `overread: ${plainLines(error.message)}\n\n${command ? helpOf(command) : overview()}`)
    return 2
  }
}

refuseCoreDumps()
setEntryUrl(import.meta.url)
process.exit(await main(process.argv.slice(2)))
