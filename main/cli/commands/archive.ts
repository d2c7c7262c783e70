/** overread archive check: is everything there, and is it what was stored? */
import { checkNamedArchive } from '../../host/command-line/cli-archive'
import { textOption, UsageError, type Command } from '../command'
import { plainText } from '../plain-text'

export const archive: Command = {
  name: 'archive',
  summary: "Checks the archive: every file's SHA-256, every row, every reference. Changes nothing.",
  usage: 'archive check [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [1, 1],
  async run(invocation) {
    if (invocation.positionals[0] !== 'check') throw new UsageError('the one thing to do with an archive is check')
    const report = checkNamedArchive(textOption(invocation, 'archive'))
    return {
      document: report,
      text: [
        ...report.problems.map(({ kind, where, what }) => plainText(`${kind} ${where}: ${what}`)),
        `${report.studies} studies, ${report.instances} objects, ${report.results} results, ${report.decisions} decisions: ${report.problems.length} problems`,
        '',
      ].join('\n'),
      failed: report.problems.length > 0,
    }
  },
}
