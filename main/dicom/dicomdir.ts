/** The directory of a medium: which files it names. PS3.3 annex F, PS3.10 section 8. */
import { DicomError } from '../../contracts/errors'
import { limits } from '../base/limits'
import type { DataSet } from './data-set'
import type { DicomObject } from './dicom-object'

export const mediaStorageDirectory = '1.2.840.10008.1.3.10'

/** A file that a directory names. */
export interface DirectoryFile {
  /** The components of its file id, from the folder of the DICOMDIR on; never empty, `.`, `..` or with a separator in them. */
  readonly path: readonly string[]
  /** IMAGE, SR DOCUMENT, PRESENTATION, ... */
  readonly recordType: string
  readonly sopInstanceUid: string
}

/** Whether an object is a DICOMDIR. */
export function isDirectory({ meta, dataSet }: DicomObject): boolean {
  return meta?.text(0x00020002) === mediaStorageDirectory || dataSet.has(0x00041220)
}

export interface DirectoryContents {
  readonly files: readonly DirectoryFile[]
  /** Records whose file id leads out of the medium; no file is looked for. */
  readonly outside: number
}

/**
 * The files that a DICOMDIR names, in its order.
 *
 * The records are taken as they stand in the sequence: the offsets that link
 * them are wrong in many directories, and what matters here, each record says
 * itself. Inactive records, and those that name no file, are left out.
 *
 * @throws DicomError 'dicom.limit' for more records than Overread takes
 */
export function directoryContents({ dataSet }: DicomObject): DirectoryContents {
  const records = dataSet.items(0x00041220)
  if (records.length > limits.directoryRecords) throw new DicomError('dicom.limit', `the DICOMDIR holds ${records.length} records`)
  const files: DirectoryFile[] = []
  let outside = 0
  for (const record of records) {
    if (record.integer(0x00041410) === 0) continue
    const path = fileId(record)
    if (path === null) outside++
    else if (path.length > 0) files.push({ path, recordType: record.text(0x00041430), sopInstanceUid: record.text(0x00041511) })
  }
  return { files, outside }
}

/** (0004,1500). Components by the standard; one with separators in it by some writers. Null where it leads out of the medium. */
function fileId(record: DataSet): string[] | null {
  const components = record
    .texts(0x00041500)
    .flatMap((component) => component.split('/'))
    .filter((component) => component !== '' && component !== '.')
  const outside = components.some((component) => component === '..' || component.includes('\0') || component.includes(':'))
  return outside ? null : components
}

/** Whether a file is called as a DICOMDIR is, in any case: one too damaged to say itself what it is, is known by that. PS3.10 8.6. */
export function isDirectoryName(name: string): boolean {
  return plainName(name) === 'DICOMDIR'
}

/**
 * Finds the entry of a folder that a component means: the same name, else the first that differs in case or in a dot or version
 * (`;1`) that the file system of a CD appended. Null where there is none.
 */
export function nameMatcher(names: readonly string[]): (component: string) => string | null {
  const exact = new Set(names)
  const plain = new Map<string, string>()
  for (const name of names) if (!plain.has(plainName(name))) plain.set(plainName(name), name)
  return (component) => (exact.has(component) ? component : (plain.get(plainName(component)) ?? null))
}

function plainName(name: string): string {
  return name.toUpperCase().replace(/;\d+$/, '').replace(/\.$/, '')
}
