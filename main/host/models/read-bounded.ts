/** A file of a bare network, whole, within a bound. */
import { readFile, stat } from 'node:fs/promises'
import { OverreadError } from '../../../contracts/errors'

/** @throws OverreadError 'file.unreadable' where there is no such file, 'model.weights' where it holds more than `most` bytes. */
export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const entry = await stat(path).catch(() => null)
  if (!entry?.isFile()) throw new OverreadError('file.unreadable', path)
  if (entry.size > most) throw new OverreadError('model.weights', `${entry.size} bytes are more than ${most}`)
  return new Uint8Array(await readFile(path))
}
