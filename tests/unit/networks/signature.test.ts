/** Against OpenSSL's own Ed25519 where a key or a signature comes from outside. */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { TrustEntry } from '../../../contracts/model-store'
import { digestOf, manifestOf } from '../../../main/networks/package-files'
import { readPublicKey, signatureOf, signManifest } from '../../../main/networks/signature'

const pair = generateKeyPairSync('ed25519')
const pem = String(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
const files = [
  { name: 'model.json', sha256: 'b'.repeat(64) },
  { name: 'card.md', sha256: 'a'.repeat(64) },
]
const manifest = manifestOf(files)
const fileOf = (signature: object) => new TextEncoder().encode(JSON.stringify(signature))
const trust = (trusted: boolean, sequence = 1): TrustEntry => ({ sequence, publicKey: raw, name: 'Laboratory', trusted, by: '', at: '' })
const code = (code: string) => expect.objectContaining({ code })

test('a manifest has a line a file, by name, as sha256sum writes it', () => {
  expect(manifest).toBe(`${'a'.repeat(64)}  card.md\n${'b'.repeat(64)}  model.json\n`)
  expect(manifestOf([...files].reverse())).toBe(manifest)
  expect(digestOf(manifest)).not.toBe(digestOf(manifestOf([files[0]])))
})

describe('a signature', () => {
  const signature = signManifest(manifest, pem)

  test('is Ed25519 of the purpose and the manifest', () => {
    const expected = sign(null, Buffer.from(`Overread model package, version 1\n${manifest}`), createPrivateKey(pem)).toString('base64')
    expect(signature).toEqual({ algorithm: 'ed25519', publicKey: raw, signature: expected })
  })

  test.each<[string, TrustEntry[], string]>([
    ['no list', [], 'unknown-key'],
    ['a list with its key', [trust(true)], 'trusted'],
    ['a list that withdrew it', [trust(true), trust(false, 2)], 'unknown-key'],
    ['a list that took it up again', [trust(false), trust(true, 2)], 'trusted'],
  ])('%s', (_, list, state) => {
    expect(signatureOf(manifest, fileOf(signature), list)).toEqual({
      state,
      signer: state === 'trusted' ? 'Laboratory' : null,
      publicKey: raw,
    })
  })

  test('of another manifest, by another key, or damaged is refused', () => {
    const other = manifestOf([{ ...files[0], sha256: 'c'.repeat(64) }, files[1]])
    expect(() => signatureOf(other, fileOf(signature), [])).toThrow(code('model.signature'))
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
    expect(() => signatureOf(manifest, fileOf({ ...signature, publicKey: stranger }), [])).toThrow(code('model.signature'))
    const bare = sign(null, Buffer.from(manifest), createPrivateKey(pem)).toString('base64')
    expect(() => signatureOf(manifest, fileOf({ ...signature, signature: bare }), [])).toThrow(code('model.signature'))
  })

  test.each([
    ['no JSON', new TextEncoder().encode('{')],
    ['no UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['another algorithm', fileOf({ ...signature, algorithm: 'rsa' })],
    ['a field more', fileOf({ ...signature, by: 'me' })],
    ['a key that is no point', fileOf({ ...signature, publicKey: `${'/'.repeat(43)}=` })],
  ])('%s is refused', (_, file) => {
    expect(() => signatureOf(manifest, file, [])).toThrow(code('model.signature'))
  })

  test('none is unsigned', () => {
    expect(signatureOf(manifest, null, [trust(true)])).toEqual({ state: 'unsigned', signer: null, publicKey: null })
  })
})

test('a public key is read from PEM, from its bytes in base64, and from the private one', () => {
  const publicPem = String(pair.publicKey.export({ format: 'pem', type: 'spki' }))
  expect([readPublicKey(publicPem), readPublicKey(` ${raw}\n`), readPublicKey(pem)]).toEqual([raw, raw, raw])
})

test.each(['', 'key', 'A'.repeat(43)])('EXPECTED FAILURE: "%s" is no key', (text) => {
  expect(() => readPublicKey(text)).toThrow(code('model.key'))
})

test('a key of another kind is none', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const other = String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
  expect(() => readPublicKey(other)).toThrow(code('model.key'))
  expect(() => signManifest(manifest, other)).toThrow(code('model.key'))
})
