/** Ed25519 signatures of packages (RFC 8032): over the manifest, by a key that the site trusts or does not know. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { PackageSignature } from '../../contracts/analysis'
import { OverreadError } from '../../contracts/errors'
import { publicKeySchema, type TrustEntry } from '../../contracts/model-store'

/** `signature.json` of a package. */
const signatureSchema = z.strictObject({
  algorithm: z.literal('ed25519'),
  publicKey: publicKeySchema,
  /** Base64 of 64 bytes. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
})
export type SignatureFile = z.infer<typeof signatureSchema>

/** Of a package without a signature. */
export const unsigned: PackageSignature = { state: 'unsigned', signer: null, publicKey: null }
/** Of one that came with Overread: whoever trusts the program trusts it. */
export const bundled: PackageSignature = { state: 'bundled', signer: null, publicKey: null }

/** Signed is this text and the manifest, so that a signature made for something else never fits. */
const purpose = 'Overread model package, version 1\n'
/** What stands before the 32 bytes of a key in its DER form (RFC 8410). */
const derHead = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Who signed the package of this manifest.
 *
 * @param file the bytes of `signature.json`; null where there is none
 * @throws OverreadError 'model.signature' where it is not one, or is of another content
 */
export function signatureOf(manifest: string, file: Uint8Array | null, trust: readonly TrustEntry[]): PackageSignature {
  if (file === null) return unsigned
  const { publicKey, signature } = parseSignature(file)
  if (!verify(null, signedBytes(manifest), keyFrom(publicKey), Buffer.from(signature, 'base64')))
    throw new OverreadError('model.signature', 'a file was changed after it was signed')
  const entry = trust.findLast((candidate) => candidate.publicKey === publicKey)
  return entry?.trusted ? { state: 'trusted', signer: entry.name, publicKey } : { state: 'unknown-key', signer: null, publicKey }
}

/** @throws OverreadError 'model.key' where the text is no private Ed25519 key in PEM */
export function signManifest(manifest: string, privateKeyPem: string): SignatureFile {
  const key = ed25519(() => createPrivateKey(privateKeyPem))
  return {
    algorithm: 'ed25519',
    publicKey: rawKey(createPublicKey(key)),
    signature: sign(null, signedBytes(manifest), key).toString('base64'),
  }
}

/**
 * A public key as the trust list holds it.
 *
 * @param text 32 bytes in base64, or a PEM; of a private key in PEM its public part
 * @throws OverreadError 'model.key'
 */
export function readPublicKey(text: string): string {
  const plain = publicKeySchema.safeParse(text.trim())
  return plain.success ? plain.data : rawKey(ed25519(() => createPublicKey(text)))
}

function parseSignature(file: Uint8Array): SignatureFile {
  try {
    return signatureSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file)))
  } catch (error) {
    throw new OverreadError('model.signature', 'signature.json cannot be read', { cause: error })
  }
}

const signedBytes = (manifest: string) => Buffer.from(purpose + manifest, 'utf8')

function keyFrom(publicKey: string): KeyObject {
  return createPublicKey({ key: Buffer.concat([derHead, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' })
}

function rawKey(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(derHead.length).toString('base64')
}

function ed25519(read: () => KeyObject): KeyObject {
  let key: KeyObject
  try {
    key = read()
  } catch (error) {
    throw new OverreadError('model.key', '', { cause: error })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new OverreadError('model.key', `it is of the kind ${key.asymmetricKeyType}`)
  return key
}
