/** overread models: the installed networks. */
import { installedModels } from '../../host/command-line/cli-models'
import type { Command } from '../command'
import { entryUrl } from '../entry'
import { plainText } from '../plain-text'

export const models: Command = {
  name: 'models',
  summary: 'Lists the installed networks and checks their weights.',
  usage: 'models',
  options: {},
  help: [],
  positionals: [0, 0],
  async run() {
    const installed = await installedModels(entryUrl())
    return {
      document: installed.map(({ id, valid, package: model }) => ({
        id,
        version: model?.version ?? null,
        task: model?.task ?? null,
        sha256: model?.sha256 ?? null,
        valid,
      })),
      text: [
        ...installed.map(({ id, package: model, error }) =>
          plainText(model ? `${id} ${model.version}: ${model.title}` : `${id}: ${error?.message} (${error?.code})`),
        ),
        '',
      ].join('\n'),
      failed: installed.some(({ valid }) => !valid),
    }
  },
}
