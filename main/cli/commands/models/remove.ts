/** overread models remove: a version that was added. */
import { removePackage } from '../../../host/command-line/cli-model-store'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption } from './words'

export const removeModel: Command = {
  name: 'models remove',
  summary: 'Removes a version that was added. Results of it stay, and keep its name and version.',
  usage: 'models remove ID VERSION [--archive DIR]',
  options: archiveOption,
  help: [archiveHelp],
  positionals: [2, 2],
  async run(invocation) {
    const [id, version] = invocation.positionals
    await removePackage(entryUrl(), textOption(invocation, 'archive'), id, version)
    return { document: { id, version }, text: `${plainText(id)} ${plainText(version)} was removed.\n`, failed: false }
  },
}
