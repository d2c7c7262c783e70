/** A package in its folder that is known to read pictures. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPictureModel, type PictureModel } from '../contracts/model-package'
import { loadModelPackage, type LoadedPackage } from '../main/networks/package'
import { repository } from './shared-data'

export async function loadPicturePackage(folder: string): Promise<LoadedPackage<PictureModel>> {
  const { package: model, ...rest } = await loadModelPackage(folder)
  if (!isPictureModel(model)) throw new TypeError(`${model.id} reads volumes`)
  return { ...rest, package: model }
}

/** Names of the shipped packages whose networks read pictures. */
export const picturePackages = (): string[] => shipped((dimension) => dimension !== 3)

/** Names of those that read volumes. */
export const volumePackages = (): string[] => shipped((dimension) => dimension === 3)

function shipped(isWanted: (dimension: number | undefined) => boolean): string[] {
  const models = join(repository, 'models')
  return readdirSync(models).filter((name) => {
    const file = join(models, name, 'model.json')
    return existsSync(file) && isWanted((JSON.parse(readFileSync(file, 'utf8')) as { dimension?: number }).dimension)
  })
}
