/** overread self-check: proves on this machine that what is computed is right. */
import { providerTitles } from '../../../contracts/analysis'
import { hasFailure, type SelfCheckRow } from '../../../contracts/self-check'
import { runSelfCheck } from '../../host/command-line/cli-self-check'
import { textOption, type Command } from '../command'
import { entryUrl } from '../entry'
import { plainText } from '../plain-text'

export const selfCheck: Command = {
  name: 'self-check',
  summary:
    'Proves on this machine that what Overread computes is right: each decoder, the grey and colour pipeline, the archive,\nand each network on each provider.',
  about: 'A provider that is not there is no fault; the exit code is 1 where a row failed.',
  usage: 'self-check [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app, where it is there)"]],
  positionals: [0, 0],
  async run(invocation) {
    const rows = await runSelfCheck(entryUrl(), {
      archive: textOption(invocation, 'archive'),
      onProgress: (done, total) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total}${done === total ? '\n' : ''}`)
      },
    })
    const failed = hasFailure(rows)
    return { document: { passed: !failed, rows }, text: [...rows.map(lineOf), summaryOf(rows), ''].join('\n'), failed }
  },
}

function lineOf({ kind, name, provider, state, sentence, ms }: SelfCheckRow): string {
  const where = provider === null ? '' : ` on ${providerTitles[provider]}`
  return `${state.padEnd(7)} ${kind} ${plainText(name)}${where}: ${plainText(sentence)} (${ms.toFixed(0)} ms)`
}

function summaryOf(rows: readonly SelfCheckRow[]): string {
  const count = (state: SelfCheckRow['state']) => rows.filter((row) => row.state === state).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('absent')} not there`
}
