/** Which networks are there: every version of each, where it came from, who signed it, and which one is in use. */
import { z } from 'zod'
import { errorReportSchema, packageSignatureSchema, sha256Schema, type PackageSignature } from './analysis'
import { modelPackageSchema } from './model-package'

const modelId = z.string().min(1).max(64)
const version = z.string().min(1).max(16)

export const modelEntrySchema = z.strictObject({
  valid: z.boolean(),
  /** Why not, when not valid. */
  error: errorReportSchema.nullable(),
  /** The id that the package states; of one that came with Overread and cannot be read, the name of its folder. */
  id: z.string(),
  /** Null where it came with Overread and cannot be read. */
  version: z.string().nullable(),
  package: modelPackageSchema.nullable(),
  /** Markdown of card.md. */
  card: z.string(),
  /** `bundled`: came with Overread; `added`: lies in the archive. */
  source: z.enum(['bundled', 'added']),
  /** Of an added package: what its folder is called by, the SHA-256 of its manifest. */
  digest: sha256Schema.nullable(),
  /** The one of its id that analyses use. */
  active: z.boolean(),
  signature: packageSignatureSchema,
  /** UTC, ISO 8601, and by whom; null of what came with Overread. */
  added: z.strictObject({ at: z.string(), by: z.string() }).nullable(),
})
export type ModelEntry = z.infer<typeof modelEntrySchema>

/** Below 0 where `a` is older. Both as `1.20.3`; one that is not known is the oldest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let part = 0; part < 3; part++) if (left[part] !== right[part]) return (left[part] ?? -1) - (right[part] ?? -1)
  return 0
}

/** Who stands for a package, for a reader. */
export function signatureWords({ state, signer, publicKey }: PackageSignature): string {
  if (state === 'bundled') return 'came with Overread'
  if (state === 'trusted') return `signed by ${signer ?? ''}`
  return state === 'unsigned' ? 'unsigned' : `signed by a key that is not trusted here (${publicKey})`
}

/** What is said of the package beside what it gave; null where there is nothing to say: it came with Overread, or is older than signatures. */
export function signatureNote(signature: PackageSignature | null): string | null {
  return signature === null || signature.state === 'bundled' ? null : `Package: ${signatureWords(signature)}`
}

/** No key stands for the package that the site trusted then. Of results older than signatures (null) nothing is said. */
export function isUntrusted(signature: PackageSignature | null): boolean {
  return signature?.state === 'unsigned' || signature?.state === 'unknown-key'
}

/** What was done with packages, in order; appended, never changed. */
export const modelActions = ['added', 'used', 'removed'] as const
export const modelEventSchema = z.strictObject({
  /** Rises by one; order never rests on the clock. */
  sequence: z.int().positive(),
  action: z.enum(modelActions),
  modelId: z.string().min(1).max(64),
  version: z.string().min(1).max(16),
  /** Null: the one that comes with Overread. */
  digest: sha256Schema.nullable(),
  by: z.string().max(128),
  /** UTC, ISO 8601 */
  at: z.string(),
})
export type ModelEvent = z.infer<typeof modelEventSchema>

/** An Ed25519 public key, raw, in base64: 32 bytes. */
export const publicKeySchema = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)

/** The trust list, appended: the newest entry of a key holds. */
export const trustEntrySchema = z.strictObject({
  sequence: z.int().positive(),
  publicKey: publicKeySchema,
  /** Whose it is, as the site says. */
  name: z.string().min(1).max(128),
  trusted: z.boolean(),
  by: z.string().max(128),
  at: z.string(),
})
export type TrustEntry = z.infer<typeof trustEntrySchema>

export const addingSteps = ['fetching', 'copying', 'checking', 'proving'] as const
/** How far the adding of a package is. */
export const addingSchema = z.strictObject({
  addingId: z.string().max(64),
  state: z.enum(['running', 'added', 'refused', 'cancelled']),
  step: z.enum(addingSteps),
  /** Bytes; 0 of what is not known. */
  done: z.number().min(0),
  total: z.number().min(0),
  error: errorReportSchema.nullable(),
  /** Known once its description was read. */
  model: z.strictObject({ id: z.string(), version: z.string(), title: z.string() }).nullable(),
  /** It was there already, with the same content. */
  known: z.boolean(),
  /** Files of the source that no description names, and that were therefore left out. */
  leftOut: z.array(z.string().max(256)).max(20),
})
export type Adding = z.infer<typeof addingSchema>

export const modelStoreRequests = {
  /** Every version of every network, by id, the newest version first. */
  'models.list': { input: z.strictObject({}), output: z.strictObject({ models: z.array(modelEntrySchema) }) },
  /** Fetches a package from an address that the reader typed. Progress comes as `model.adding`. */
  'models.fetch': { input: z.strictObject({ address: z.string().min(1).max(2048) }), output: z.strictObject({ addingId: z.string() }) },
  'models.cancel-adding': { input: z.strictObject({ addingId: z.string().max(64) }), output: z.strictObject({}) },
  /** From now on analyses use this version. `back`: it is meant that it is older than the one in use. */
  'models.use': { input: z.strictObject({ modelId, version, back: z.boolean() }), output: z.strictObject({}) },
  /** Results of it stay, and keep its name and version. */
  'models.remove': { input: z.strictObject({ modelId, version }), output: z.strictObject({}) },
} as const
