/** overread models: the installed networks. */
import { installedModels } from '../../../host/command-line/cli-models'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { archiveHelp, archiveOption, entryDocument, entryLine } from './words'

export const models: Command = {
  name: 'models',
  summary: 'Lists every version of the installed networks and checks their files.',
  about:
    '`overread models add`, `use`, `remove`, `info`, `verify`, `trust`, `sign` and `wrap` do more. Where a command takes a network,\nID is the version in use and ID@VERSION another one.',
  usage: 'models [--archive DIR]',
  options: archiveOption,
  help: [archiveHelp],
  positionals: [0, 0],
  async run(invocation) {
    const installed = await installedModels(entryUrl(), textOption(invocation, 'archive'))
    return {
      document: installed.map(entryDocument),
      text: [...installed.map(entryLine), ''].join('\n'),
      failed: installed.some(({ valid }) => !valid),
    }
  },
}
