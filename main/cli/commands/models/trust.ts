/** overread models trust: whose signatures this site trusts. */
import type { TrustEntry } from '../../../../contracts/model-store'
import { changeTrust, listTrust } from '../../../host/command-line/cli-model-store'
import { textOption, UsageError, type Command } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'
import { archiveHelp, archiveOption } from './words'

const longestName = 128

export const trustKey: Command = {
  name: 'models trust',
  summary: 'Lists the Ed25519 keys whose packages this site trusts, takes one up, or withdraws one.',
  about: 'A package signed by no key of the list runs as well, and every result of it says so.',
  usage: 'models trust [KEY (--name NAME | --withdraw)] [--archive DIR]',
  options: { ...archiveOption, name: { type: 'string' }, withdraw: { type: 'boolean' } },
  help: [
    ['KEY', 'a file with the public key as PEM, or its 32 bytes in base64'],
    ['--name NAME', 'whose key it is; results say "signed by NAME"'],
    ['--withdraw', 'trust it no more'],
    archiveHelp,
  ],
  positionals: [0, 1],
  async run(invocation) {
    const archive = textOption(invocation, 'archive')
    const name = textOption(invocation, 'name')
    const withdraw = invocation.values.withdraw === true
    const [key] = invocation.positionals
    if (key === undefined && (name !== null || withdraw)) throw new UsageError('--name and --withdraw go with a key')
    if (key !== undefined && (name !== null) === withdraw) throw new UsageError('a key goes with --name or with --withdraw')
    if (name !== null && (name.trim() === '' || name.length > longestName))
      throw new UsageError(`--name takes 1 to ${longestName} characters`)
    const entries = key === undefined ? listTrust(archive) : [await changeTrust(entryUrl(), archive, key, withdraw ? null : name!.trim())]
    return { document: entries, text: [...entries.map(lineOf), ''].join('\n'), failed: false }
  },
}

function lineOf({ publicKey, name, trusted, at, by }: TrustEntry): string {
  return `${publicKey} ${plainText(name)}: ${trusted ? 'trusted' : 'withdrawn'} ${at} by ${plainText(by)}`
}
