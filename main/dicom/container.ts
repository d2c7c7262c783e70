/** Files that hold files, a ZIP or a disc image: what is in them, nested ones opened, one entry after the other, within bounds. */
import { DicomError, OverreadError } from '../../contracts/errors'
import type { ByteSource } from '../base/byte-source'
import { ContainerBudget, type ContainerEntry, type ContainerLimits, type RefuseEntry, type TakeEntry } from './container-budget'
import { isDiscImage, readDiscImage } from './iso-image'
import { isZip, readZip } from './zip'

export function isContainer(source: ByteSource): boolean {
  return isZip(source) || isDiscImage(source)
}

/**
 * Gives the files of a container to `take`, each before the next is read; those that cannot be read to `refuse`.
 * Names of nested ones are joined by `!`.
 *
 * @throws DicomError 'file.damaged' or 'file.unreadable' where the container's own directory cannot be read,
 *   'dicom.limit' beyond the bounds of the whole
 */
export async function readContainer(source: ByteSource, take: TakeEntry, refuse: RefuseEntry, bounds?: ContainerLimits): Promise<void> {
  const taken: TakeEntry = async (entry) => {
    try {
      await take(entry)
    } catch (error) {
      throw new TakeFailed(error)
    }
  }
  try {
    await readNested(source, '', 1, new ContainerBudget(bounds), taken, refuse)
  } catch (error) {
    throw error instanceof TakeFailed ? error.cause : error
  }
}

/** What `take` threw is no fault of the container that it happened in: it ends the whole. */
class TakeFailed extends Error {
  constructor(cause: unknown) {
    super('', { cause })
  }
}

async function readNested(
  source: ByteSource,
  prefix: string,
  depth: number,
  budget: ContainerBudget,
  take: TakeEntry,
  refuse: RefuseEntry,
): Promise<void> {
  const takeEntry = async (entry: ContainerEntry): Promise<void> => {
    const name = prefix + entry.name
    if (!isContainer(entry.source)) return await take({ name, source: entry.source })
    if (depth >= budget.limits.depth)
      return refuse({ name, error: new DicomError('dicom.limit', `containers within containers more than ${budget.limits.depth} deep`) })
    try {
      await readNested(entry.source, `${name}!`, depth + 1, budget, take, refuse)
    } catch (error) {
      // What the bounds of the whole forbid ends the whole; a damaged container is passed over.
      if (!(error instanceof OverreadError) || error.code === 'dicom.limit') throw error
      refuse({ name, error })
    }
  }
  const refuseEntry: RefuseEntry = ({ name, error }) => refuse({ name: prefix + name, error })
  await (isZip(source) ? readZip : readDiscImage)(source, budget, takeEntry, refuseEntry)
}
