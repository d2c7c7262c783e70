/** Where a package is added from: a folder or a ZIP, as names with bytes. Nothing of it is believed, and no name of it becomes a path unread. */
import { createReadStream } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { fileSource } from '../../base/byte-source'
import { Zip, type ZipEntry } from '../../base/zip'

/** More entries than this are no package. */
const mostEntries = 1000
/** Folders that systems put beside files, and the file by which one of them remembers a folder's look. */
const ofSystems = /^(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)$/i

export interface SourceFile {
  readonly size: number
  /** @throws OverreadError 'model.file' where it cannot be read or is not what was stated */
  read(): AsyncIterable<Uint8Array>
}

export interface PackageSource {
  /** By name within the package, with slashes. */
  readonly files: ReadonlyMap<string, SourceFile>
  close(): void
}

/**
 * Opens a folder or a ZIP. A ZIP may hold the package in one folder of its own.
 *
 * @throws OverreadError 'file.unreadable', 'model.file', 'model.path' for a link or a name that leads out, 'model.too-large'
 */
export async function openPackageSource(path: string): Promise<PackageSource> {
  const entry = await stat(path).catch(() => {
    throw new OverreadError('file.unreadable')
  })
  if (entry.isDirectory()) return openFolder(path)
  if (!entry.isFile()) throw new OverreadError('model.file', 'neither a folder nor a file')
  return openZip(path)
}

async function openFolder(path: string): Promise<PackageSource> {
  const root = await realpath(path)
  const files = new Map<string, SourceFile>()
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for (const { name } of await readdir(join(root, folder), { withFileTypes: true })) {
      if (ofSystems.test(name)) continue
      const place = join(root, folder, name)
      const kind = await lstat(place)
      const inside = `${prefix}${name}`
      if (kind.isDirectory()) {
        if (prefix === '') await walk(name, `${name}/`)
        continue
      }
      if (kind.isSymbolicLink()) throw new OverreadError('model.path', `${inside} is a link`)
      if (!kind.isFile()) throw new OverreadError('model.file', `${inside} is not a file`)
      add(files, inside, { size: kind.size, read: () => createReadStream(place, { highWaterMark: 1 << 20 }) })
    }
  }
  await walk('', '')
  return { files, close() {} }
}

async function openZip(path: string): Promise<PackageSource> {
  const source = fileSource(path)
  let zip: Zip | null = null
  try {
    zip = await Zip.open(source)
    const files = withoutOneFolder(await listEntries(zip))
    const opened = zip
    return {
      files: new Map([...files].map(([name, entry]) => [name, { size: entry.size, read: () => readEntry(opened, entry) }])),
      close() {
        opened.close()
        source.close()
      },
    }
  } catch (error) {
    zip?.close()
    source.close()
    throw error instanceof OverreadError ? error : fault(error)
  }
}

async function listEntries(zip: Zip): Promise<Map<string, ZipEntry>> {
  const files = new Map<string, ZipEntry>()
  let entries = 0
  for (let entry = await zip.next(); entry; entry = await zip.next()) {
    if (++entries > mostEntries) throw new OverreadError('model.too-large', `more than ${mostEntries} entries`)
    checkName(entry.name)
    if (entry.isLink) throw new OverreadError('model.path', `${entry.name} is a link`)
    if (entry.isFolder || entry.name.split('/').some((part) => ofSystems.test(part))) continue
    if (entry.isEncrypted) throw new OverreadError('model.file', `${entry.name} is encrypted`)
    add(files, entry.name, entry)
  }
  return files
}

/** A name that an unpacker could take for a place elsewhere speaks against the whole ZIP. */
function checkName(name: string): void {
  const parts = name.split('/')
  const leadsOut = name.startsWith('/') || /^[A-Za-z]:/.test(name) || name.includes('\\') || parts.includes('..')
  const hasControls = [...name].some((character) => character < ' ' || character === '\u007f')
  if (leadsOut || hasControls) throw new OverreadError('model.path', name)
}

/** Names that differ in case alone are one file on some systems. */
function add<T>(files: Map<string, T>, name: string, file: T): void {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  if (files.size >= mostEntries) throw new OverreadError('model.too-large', `more than ${mostEntries} files`)
  if ([...files.keys()].some(same)) throw new OverreadError('model.file', `two files are called ${name}`)
  files.set(name, file)
}

/** Where all lies in one folder and that holds the description, its name is left off. */
function withoutOneFolder(files: Map<string, ZipEntry>): Map<string, ZipEntry> {
  const [first] = files.keys()
  const folder = first?.includes('/') ? first.slice(0, first.indexOf('/') + 1) : ''
  const whole = folder !== '' && [...files.keys()].every((name) => name.startsWith(folder)) && files.has(`${folder}model.json`)
  return whole ? new Map([...files].map(([name, entry]) => [name.slice(folder.length), entry])) : files
}

async function* readEntry(zip: Zip, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  try {
    yield* zip.read(entry)
  } catch (error) {
    throw fault(error)
  }
}

function fault(error: unknown): OverreadError {
  return new OverreadError('model.file', error instanceof Error ? error.message : '', { cause: error })
}
