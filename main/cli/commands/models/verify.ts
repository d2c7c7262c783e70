/** overread models verify: files, signature and golden case of networks, on this computer. */
import { providerTitles } from '../../../../contracts/analysis'
import { hasFailure } from '../../../../contracts/self-check'
import { modelNamed } from '../../../networks/catalogue'
import { verifyPackages } from '../../../host/command-line/cli-model-store'
import { installedModels } from '../../../host/command-line/cli-models'
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
    const installed = await installedModels(entryUrl(), textOption(invocation, 'archive'))
    const [name] = invocation.positionals
    const wanted = name === undefined ? installed : [modelNamed(installed, name)]
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
