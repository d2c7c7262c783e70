/** A package as compute takes it: by its folder, and only while it is the one that was asked for. */
import { OverreadError } from '../../../contracts/errors'
import { loadModelPackage, type LoadedPackage } from '../../networks/package'
import type { ComputeModel } from './compute-client'

/** @throws OverreadError 'model.hash' where the folder holds another network by now; what is wrong with the package. */
export async function loadModel({ folder, sha256 }: ComputeModel): Promise<LoadedPackage> {
  const loaded = await loadModelPackage(folder)
  if (loaded.package.sha256 !== sha256) throw new OverreadError('model.hash', loaded.package.file)
  return loaded
}
