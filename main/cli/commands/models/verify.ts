/** overread models verify: files, signature and golden case of networks, on this computer. */
import { providerTitles } from '../../../../contracts/analysis'
import { hasFailure } from '../../../../contracts/self-check'
import { verifyPackages } from '../../../host/command-line/cli-model-store'
import { installedModels, readModel } from '../../../host/command-line/cli-models'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption, entryDocument, entryLine } from './words'

export const verifyModels: Command = {
  name: 'models verify',
  summary: 'Checks the files and the signature of networks, and has each provider repeat their golden case. All, unless one is named.',
  usage: 'models verify [ID[@VERSION]] [--archive DIR]',
  options: archiveOption,
  help: [archiveHelp],
  positionals: [0, 1],
  async run(invocation) {
    const archive = textOption(invocation, 'archive')
    const [name] = invocation.positionals
    const wanted = name === undefined ? await installedModels(entryUrl(), archive) : [(await readModel(entryUrl(), archive, name)).model]
    const rows = await verifyPackages(entryUrl(), wanted)
    const failed = hasFailure(rows)
    const lines = rows.map(
      ({ name: id, provider, state, sentence }) =>
        `${state.padEnd(7)} ${plainText(id)}${provider === null ? '' : ` on ${providerTitles[provider]}`}: ${plainText(sentence)}`,
    )
    const document = { passed: !failed, models: wanted.map(entryDocument), rows }
    return { document, text: [...wanted.map(entryLine), ...lines, ''].join('\n'), failed }
  },
}
