/** overread models use: which version analyses use from now on. */
import { usePackage } from '../../../host/command-line/cli-model-store'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption } from './words'

export const useModel: Command = {
  name: 'models use',
  summary: 'Puts a version of a network to use. Results that are there keep the version they came from.',
  usage: 'models use ID VERSION [--back] [--archive DIR]',
  options: { ...archiveOption, back: { type: 'boolean' } },
  help: [['--back', 'it is meant that the version is older than the one in use'], archiveHelp],
  positionals: [2, 2],
  async run(invocation) {
    const [id, version] = invocation.positionals
    await usePackage(entryUrl(), textOption(invocation, 'archive'), id, version, invocation.values.back === true)
    return { document: { id, version }, text: `${plainText(id)} ${plainText(version)} is in use.\n`, failed: false }
  },
}
