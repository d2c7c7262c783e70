/** overread models sign: the signature of a package, by its maker. */
import { resolve } from 'node:path'
import { signPackage } from '../../../host/command-line/cli-model-store'
import { textOption, UsageError, type Command } from '../../command'

export const signModel: Command = {
  name: 'models sign',
  summary: 'Signs the package in a folder with an Ed25519 key: writes its signature.json.',
  about: 'Signed is every file that the description names, the card and the licence. `openssl genpkey -algorithm ed25519` makes a key.',
  usage: 'models sign FOLDER --key FILE',
  options: { key: { type: 'string' } },
  help: [['--key FILE', 'the private key as PEM']],
  positionals: [1, 1],
  async run(invocation) {
    const key = textOption(invocation, 'key')
    if (key === null) throw new UsageError('--key is needed')
    const signed = await signPackage(resolve(invocation.positionals[0]), resolve(key))
    const { id, version, publicKey } = signed
    return { document: signed, text: `${id} ${version} is signed; the public key is ${publicKey}\n`, failed: false }
  },
}
