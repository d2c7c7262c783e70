/** overread models info: what a network is, and its card. */
import { signatureWords } from '../../../../contracts/model-store'
import { readModel } from '../../../host/command-line/cli-models'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption, entryDocument } from './words'

export const modelInfo: Command = {
  name: 'models info',
  summary: 'Tells of a network: its versions, who stands for it, its description and its card.',
  usage: 'models info ID[@VERSION] [--archive DIR]',
  options: archiveOption,
  help: [archiveHelp],
  positionals: [1, 1],
  async run(invocation) {
    const { model, versions } = await readModel(entryUrl(), textOption(invocation, 'archive'), invocation.positionals[0])
    const { title, licence, sha256, intendedUse, notFor } = model.package
    const lines = [
      `${plainText(title)} ${model.version}${model.active ? ', in use' : ''}`,
      `Versions: ${versions.map(({ version, active }) => `${version}${active ? ' (in use)' : ''}`).join(', ')}`,
      `Who stands for it: ${plainText(signatureWords(model.signature))}`,
      `Weights: ${sha256}`,
      ...(model.digest === null ? [] : [`Package: ${model.digest}`]),
      `Licence: ${plainText(licence)}`,
      `For: ${plainText(intendedUse)}`,
      ...notFor.map((text) => `Not for: ${plainText(text)}`),
      '',
      ...model.card.split('\n').map(plainText),
      '',
    ]
    const document = { ...entryDocument(model), description: model.package, card: model.card, versions: versions.map(entryDocument) }
    return { document, text: lines.join('\n'), failed: false }
  },
}
