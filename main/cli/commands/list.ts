/** overread list: what an archive holds. */
import { listArchive, type ListedResult, type ListedStudy } from '../../host/command-line/cli-archive'
import { textOption, type Command } from '../command'
import { plainText } from '../plain-text'

export const list: Command = {
  name: 'list',
  summary: 'Lists the studies of the archive with their series, and how each result stands.',
  usage: 'list [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [0, 0],
  async run(invocation) {
    const studies = listArchive(textOption(invocation, 'archive'))
    const lines = studies.flatMap((study) => [
      `${plainText(study.patientName)} (${plainText(study.patientId)}) ${plainText(study.studyDate)} ${plainText(study.modalities.join(', '))}`,
      ...cautionsOf(study).map((caution) => `  ${caution}`),
      ...study.series.map(
        ({ modality, description, instances }) => `  ${plainText(modality)} ${plainText(description)}: ${instances} instances`,
      ),
      ...study.results.map((result) => `  ${plainText(result.model.title)} ${plainText(result.model.version)}: ${standingOf(result)}`),
      ...(study.missed > 0 ? [`  ${study.missed} missed by a network`] : []),
    ])
    return { document: studies, text: [...lines, `${studies.length} studies`, ''].join('\n'), failed: false }
  },
}

function standingOf({ imagesDone, imagesTotal, complete, model, activeVersion, overridden, untrusted, current }: ListedResult): string {
  const said = [
    `analysed ${imagesDone} of ${imagesTotal}`,
    activeVersion === null
      ? ''
      : activeVersion === model.version
        ? 'by other weights than those active'
        : `${plainText(activeVersion)} is active`,
    overridden ? 'run although the network refused' : '',
    untrusted ? 'by a package that no trusted key stands for' : '',
    complete && activeVersion === null && !overridden && !untrusted && !current ? 'a newer one stands' : '',
  ]
  return said.filter(Boolean).join(', ')
}

function cautionsOf({ identityConflict, patientIdShared, headersCorrected, keptOut }: ListedStudy): string[] {
  return [
    identityConflict ? 'the same study stands under another patient identity' : '',
    patientIdShared ? 'the patient id also stands with another issuer, birth date or sex' : '',
    keptOut > 0 ? `${keptOut} objects with other pixels under a known identifier were kept out` : '',
    headersCorrected > 0 ? `the header of ${headersCorrected} objects was corrected` : '',
  ].filter((caution) => caution !== '')
}
