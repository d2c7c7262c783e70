/** The files of a package: those that its description names, and their manifest, which is what is signed. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { isPictureModel, type ModelPackage } from '../../contracts/model-package'
import { sha256 } from '../base/hashing'

export const descriptionFile = 'model.json'
export const signatureFile = 'signature.json'
const optionalFiles = ['card.md', 'LICENSE'] as const

export interface PackageFile {
  /** With a slash where it lies in `golden`. */
  readonly name: string
  readonly sha256: string
}

export interface PackageFileNames {
  readonly needed: readonly string[]
  readonly optional: readonly string[]
}

/** Every file a description names, itself included; the signature is none of them. */
export function filesNamedBy(description: ModelPackage): PackageFileNames {
  const { golden } = description
  const arrays = [...(isPictureModel(description) ? [description.golden.picture] : []), golden.input, ...Object.values(golden.outputs)]
  const needed = [descriptionFile, description.file, ...description.weightFiles, ...arrays.map((name) => `golden/${name}`)]
  return { needed: [...new Set(needed)].sort(), optional: [...optionalFiles] }
}

/** A line a file, by name: its SHA-256, two spaces, its name. `sha256sum` writes and checks the same. */
export function manifestOf(files: readonly PackageFile[]): string {
  return [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((file) => `${file.sha256}  ${file.name}\n`)
    .join('')
}

/** What a package is called by: the SHA-256 of its manifest. Another byte in any file gives another digest. */
export function digestOf(manifest: string): string {
  return sha256(new TextEncoder().encode(manifest))
}

/** The manifest of the package in a folder, read from its files. */
export async function readManifest(folder: string, description: ModelPackage): Promise<string> {
  const { needed, optional } = filesNamedBy(description)
  const files: PackageFile[] = []
  for (const name of needed) files.push({ name, sha256: await fileHash(join(folder, name)) })
  for (const name of optional) {
    const entry = await lstat(join(folder, name)).catch(() => null)
    if (entry?.isFile()) files.push({ name, sha256: await fileHash(join(folder, name)) })
  }
  return manifestOf(files)
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
