/** A labelled folder as it lies on the disk: its pictures, its tables, its masks. Links within it are not followed. */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import type { PictureModel } from '../../../contracts/model-package'
import { mostCsvBytes } from '../../evaluation/csv'
import { inNaturalOrder } from '../../evaluation/picture-name'
import { readPictureTable, type PictureTable } from '../../evaluation/tables'

/** By name, with `/` between its parts: the path. */
export type FilesByName = ReadonlyMap<string, string>

export interface LabelledFolder {
  /** In natural order. */
  readonly images: FilesByName
  /** Links and what else is no regular file. */
  readonly otherEntries: number
  /** Null where no label of the network stands in a table. */
  readonly labels: PictureTable | null
  readonly cases: PictureTable | null
  /** By label of the network, where there is a folder for it. */
  readonly masks: ReadonlyMap<string, FilesByName>
}

const mostFiles = 500_000

/**
 * @throws OverreadError 'evaluation.folder' where it is not laid out as documented or holds nothing that this network could be
 * measured by, 'evaluation.table' what is wrong with a table.
 */
export async function readLabelledFolder(folder: string, model: PictureModel): Promise<LabelledFolder> {
  const scored = labelsOf(model, 'probabilities')
  const outlined = labelsOf(model, 'probability-map')
  const images = await filesBelow(join(folder, 'images'))
  if (!images) throw new OverreadError('evaluation.folder', 'there is no folder images')
  const labels = scored.length === 0 ? null : await readTable(join(folder, 'labels.csv'), scored)
  const masks = outlined.length === 0 ? new Map<string, FilesByName>() : await readMasks(join(folder, 'masks'), outlined)
  if ((labels?.labels.length ?? 0) + masks.size === 0) throw new OverreadError('evaluation.folder', whatIsMissing(scored, outlined))
  return {
    images: images.files,
    otherEntries: images.others,
    labels,
    cases: await readTable(join(folder, 'cases.csv'), []),
    masks,
  }
}

export function labelsOf({ outputs }: PictureModel, kind: 'probabilities' | 'probability-map'): string[] {
  return outputs.filter((output) => output.kind === kind).flatMap(({ labels }) => labels.map(({ name }) => name))
}

function whatIsMissing(scored: readonly string[], outlined: readonly string[]): string {
  const wanted = [
    ...(scored.length > 0 ? [`labels.csv with a column ${scored.join(' or ')}`] : []),
    ...outlined.map((label) => `the folder masks/${label}`),
  ]
  return `this network needs ${wanted.join(' or ')}`
}

async function filesBelow(folder: string): Promise<{ files: FilesByName; others: number } | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null)
  if (!entries) return null
  if (entries.length > mostFiles) throw new OverreadError('evaluation.folder', `it holds more than ${mostFiles} files`)
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const byName = new Map(files.map((path) => [relative(folder, path).split(sep).join('/'), path]))
  return {
    files: new Map(inNaturalOrder([...byName.keys()]).map((name) => [name, byName.get(name)!])),
    others: entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).length,
  }
}

async function readTable(path: string, labels: readonly string[]): Promise<PictureTable | null> {
  const entry = await lstat(path).catch(() => null)
  if (!entry) return null
  if (!entry.isFile() || entry.size > mostCsvBytes) throw new OverreadError('evaluation.table', 'it is too large or not a regular file')
  return readPictureTable(await readFile(path), labels)
}

async function readMasks(folder: string, labels: readonly string[]): Promise<Map<string, FilesByName>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const masks = new Map<string, FilesByName>()
  for (const entry of entries) {
    if (!entry.isDirectory()) continue
    if (!labels.includes(entry.name)) throw new OverreadError('evaluation.folder', `a folder in masks is none of ${labels.join(', ')}`)
    masks.set(entry.name, (await filesBelow(join(folder, entry.name)))!.files)
  }
  return masks
}
