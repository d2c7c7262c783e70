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

/**
 * The files that a DICOMDIR names, in its order.
 *
 * The records are taken as they stand in the sequence: the offsets that link
 * them are wrong in many directories, and what matters here, each record says
 * itself. Inactive records are left out. File ids that lead out of the medium
 * are left out, too.
 *
 * @throws DicomError 'dicom.limit' for more records than Overread takes
 */
export function directoryFiles({ dataSet }: DicomObject): DirectoryFile[] {
  const records = dataSet.items(0x00041220)
  if (records.length > limits.directoryRecords) throw new DicomError('dicom.limit', `the DICOMDIR holds ${records.length} records`)
  return records.flatMap((record) => {
    const path = fileId(record)
    if (path === null || record.integer(0x00041410) === 0) return []
    return [{ path, recordType: record.text(0x00041430), sopInstanceUid: record.text(0x00041511) }]
  })
}

/** (0004,1500). Components by the standard; one with separators in it by some writers. */
function fileId(record: DataSet): string[] | null {
  const components = record
    .texts(0x00041500)
    .flatMap((component) => component.split('/'))
    .filter((component) => component !== '' && component !== '.')
  const outside = components.some((component) => component === '..' || component.includes('\0') || component.includes(':'))
  return components.length === 0 || outside ? null : components
}

/**
 * The entry of a folder that a component means: the same name, else the only one that differs in case or in a dot or version (`;1`)
 * that the file system of a CD appended. Null where there is none.
 */
export function matchName(component: string, names: readonly string[]): string | null {
  if (names.includes(component)) return component
  const plain = (name: string) => name.toUpperCase().replace(/;\d+$/, '').replace(/\.$/, '')
  return names.find((name) => plain(name) === plain(component)) ?? null
}
