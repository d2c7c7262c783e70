/** A package in its folder that is known to read pictures. */
import { isPictureModel, type PictureModel } from '../contracts/model-package'
import { loadModelPackage, type LoadedPackage } from '../main/networks/package'

export async function loadPicturePackage(folder: string): Promise<LoadedPackage<PictureModel>> {
  const { package: model, ...rest } = await loadModelPackage(folder)
  if (!isPictureModel(model)) throw new TypeError(`${model.id} reads volumes`)
  return { ...rest, package: model }
}
