/** What the commands on networks share: an option, and how an entry is said. */
import { signatureWords, type ModelEntry } from '../../../../contracts/model-store'
import { plainText } from '../../plain-text'

export const archiveOption = { archive: { type: 'string' } } as const
export const archiveHelp = ['--archive DIR', "the archive's folder (default: that of the app)"] as const

export function entryDocument({ id, valid, error, version, package: model, source, digest, active, signature, added }: ModelEntry) {
  return {
    id,
    version,
    active,
    source,
    signature,
    task: model?.task ?? null,
    sha256: model?.sha256 ?? null,
    digest,
    added,
    valid,
    error,
  }
}

export function entryLine({ id, version, package: model, error, active, signature }: ModelEntry): string {
  const name = `${plainText(id)} ${version ?? ''}`.trimEnd()
  if (!model) return `${name}: ${plainText(error?.message ?? '')} (${error?.code})`
  return `${name}: ${plainText(model.title)}; ${plainText(signatureWords(signature))}${active ? '' : '; not in use'}`
}
