/** overread list: what an archive holds. */
import { listArchive } from '../../host/command-line/cli-archive'
import { textOption, type Command } from '../command'
import { plainText } from '../plain-text'

export const list: Command = {
  name: 'list',
  summary: 'Lists the studies of the archive with their series.',
  usage: 'list [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [0, 0],
  async run(invocation) {
    const studies = listArchive(textOption(invocation, 'archive'))
    const lines = studies.flatMap((study) => [
      `${plainText(study.patientName)} (${plainText(study.patientId)}) ${plainText(study.studyDate)} ${plainText(study.modalities.join(', '))}`,
      ...study.series.map(
        ({ modality, description, instances }) => `  ${plainText(modality)} ${plainText(description)}: ${instances} instances`,
      ),
    ])
    return { document: studies, text: [...lines, `${studies.length} studies`, ''].join('\n'), failed: false }
  },
}
