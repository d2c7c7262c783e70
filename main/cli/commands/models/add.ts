/** overread models add: a package from a folder, a ZIP or an address. */
import { resolve } from 'node:path'
import type { Adding } from '../../../../contracts/model-store'
import { addPackage } from '../../../host/command-line/cli-model-store'
import { textOption, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption } from './words'

export const addModel: Command = {
  name: 'models add',
  summary: 'Adds a model package from a folder, a ZIP or an https address, after it repeated its golden case on this computer.',
  about:
    'Nothing is replaced: another version stands beside those that are there, and which one is in use does not change.\n`overread models wrap` makes a package of a bare network. An address is asked for this one request alone.',
  usage: 'models add FILE|FOLDER|URL [--archive DIR]',
  options: archiveOption,
  help: [archiveHelp],
  positionals: [1, 1],
  async run(invocation) {
    const [source] = invocation.positionals
    const origin = /^https?:\/\//i.test(source) ? { address: source } : { path: resolve(source) }
    const adding = await addPackage(entryUrl(), textOption(invocation, 'archive'), origin, showProgress)
    const { state, model, known, error, leftOut } = adding
    return { document: { state, model, known, error, leftOut }, text: textOf(adding), failed: state !== 'added' }
  },
}

function textOf({ state, model, known, error, leftOut }: Adding): string {
  if (state !== 'added') return `${plainText(error?.message ?? 'It was not added.')} (${error?.code})\n`
  const name = `${model?.id} ${model?.version}`
  const left = leftOut.length === 0 ? [] : [`Left out, as no description names it: ${leftOut.map(plainText).join(', ')}`]
  return [known ? `${name} is there already.` : `${name} was added.`, ...left, ''].join('\n')
}

function showProgress({ step, done, total, state }: Adding): void {
  if (!process.stderr.isTTY || state !== 'running') return
  const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : ''
  process.stderr.write(`\r${`${step}${share}`.padEnd(20)}`)
}
