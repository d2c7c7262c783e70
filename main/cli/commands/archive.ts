/** overread archive: is everything there, and is it what was stored? What did readers say of each network? */
import type { ModelCounts } from '../../../contracts/reader-entries'
import { checkNamedArchive, countEntries } from '../../host/command-line/cli-archive'
import { textOption, UsageError, type Command, type Outcome } from '../command'
import { plainText } from '../plain-text'

export const archive: Command = {
  name: 'archive',
  summary: 'Checks the archive, or counts what readers entered. Changes nothing.',
  about:
    "check    every file's SHA-256, every row, every reference\n" +
    'entries  of each version of each network: findings, how they were decided, what was marked as missed,\n' +
    '         and with how many results without a finding a reader agreed',
  usage: 'archive check|entries [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [1, 1],
  async run(invocation) {
    const folder = textOption(invocation, 'archive')
    const [wanted] = invocation.positionals
    if (wanted === 'check') return check(folder)
    if (wanted === 'entries') return entries(folder)
    throw new UsageError('what to do with an archive is check or entries')
  },
}

function check(folder: string | null): Outcome {
  const report = checkNamedArchive(folder)
  return {
    document: report,
    text: [
      ...report.problems.map(({ kind, where, what }) => plainText(`${kind} ${where}: ${what}`)),
      `${report.studies} studies, ${report.instances} objects, ${report.results} results, ${report.decisions} decisions, ${report.entries} entries: ${report.problems.length} problems`,
      '',
    ].join('\n'),
    failed: report.problems.length > 0,
  }
}

function entries(folder: string | null): Outcome {
  const models = countEntries(folder)
  return { document: { models }, text: [...models.map(lineOf), `${models.length} versions of networks`, ''].join('\n'), failed: false }
}

function lineOf({ model, results, findings, accepted, rejected, missed, nothingFound }: ModelCounts): string {
  const decided = `${findings} findings (${accepted} accepted, ${rejected} rejected)`
  return `${plainText(model.title)} ${plainText(model.version)}: ${results} results, ${decided}, ${missed} missed, ${nothingFound} agreed that nothing is found`
}
