/** overread list: what an archive holds. */
import { listArchive, type ListedStudy } from '../../host/command-line/cli-archive'
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
      `${plainText(study.patientName)} (${plainText(study.patientId)}) ${study.studyDate} ${study.modalities.join(', ')}`,
      ...cautionsOf(study).map((caution) => `  ${caution}`),
      ...study.series.map(({ modality, description, instances }) => `  ${modality} ${plainText(description)}: ${instances} instances`),
    ])
    return { document: studies, text: [...lines, `${studies.length} studies`, ''].join('\n'), failed: false }
  },
}

function cautionsOf({ identityConflict, patientIdShared, headersCorrected, keptOut }: ListedStudy): string[] {
  return [
    identityConflict ? 'the same study stands under another patient identity' : '',
    patientIdShared ? 'the patient id also stands with another issuer, birth date or sex' : '',
    keptOut > 0 ? `${keptOut} objects with other pixels under a known identifier were kept out` : '',
    headersCorrected > 0 ? `the header of ${headersCorrected} objects was corrected` : '',
  ].filter((caution) => caution !== '')
}
