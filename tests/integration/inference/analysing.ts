/** An engine without an archive, series written for it, and their analyses. For the length of a test file. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import type { AnalysedImage, AnalysisInput, AnalysisServices, AnalysisSlice } from '../../../main/host/analysis/analysis-input'
import { analyzeSeries } from '../../../main/host/analysis/analyze-series'
import { packagePoints } from '../../../main/networks/operating-points'
import { unsigned } from '../../../main/networks/signature'
import { writeSlice, type Picture } from './dicom-series'
import { startEngine } from './engine'
import { writeIdentityPackage } from './tiny-packages'

export const rows = 45
export const columns = 61

/** A head of 400 in air of 0 with noise that differs by slice, and a spot of 900 on the slices named. */
function headSlice(index: number, spots: readonly number[]): Picture {
  const pixels = Int16Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    const inside = row >= 4 && row < 40 && column >= 6 && column < 50
    const spot = spots.includes(index) && row >= 20 && row < 26 && column >= 30 && column < 40
    return (spot ? 900 : inside ? 400 : 0) + ((i * 7919 + index * 31) % 23)
  })
  return { rows, columns, pixels }
}

export function startAnalysing() {
  const engine = {} as ReturnType<typeof startEngine>
  beforeAll(() => void Object.assign(engine, startEngine()))
  afterAll(() => engine.stop())
  let series = 0

  const folderFor = (): string => {
    const folder = join(engine.folder, `series${series++}`)
    mkdirSync(folder)
    return folder
  }
  return {
    engine,
    folderFor,
    reference: ({ sopInstanceUid, frameIndex }: AnalysisSlice) => ({ sopInstanceUid, frameIndex }),
    async writeSeries(
      count: number,
      spots: readonly number[],
      change: (index: number, picture: Picture) => Picture = (_, picture) => picture,
    ): Promise<AnalysisSlice[]> {
      const folder = folderFor()
      return Array.from({ length: count }, (_, index) => writeSlice(folder, index, change(index, headSlice(index, spots)), index * 7))
    },
    packageOf(name: string, changes: Partial<PictureModel> = {}, side = 32) {
      const folder = join(engine.folder, name)
      return { folder, package: writeIdentityPackage(folder, side, changes), signature: unsigned }
    },
    async analyse(input: Partial<AnalysisInput> & Pick<AnalysisInput, 'model' | 'slices'>, services: Partial<AnalysisServices> = {}) {
      const images: AnalysedImage[] = []
      const analysis = await analyzeSeries(
        {
          inputCheck: null,
          stack: '',
          requested: null,
          override: false,
          provider: 'cpu',
          isVolume: true,
          affine: null,
          operatingPoints: packagePoints(input.model.package),
          ...input,
        },
        { workers: engine.workers, compute: engine.compute, onImage: (image) => void images.push(image), ...services },
      )
      return { analysis, images }
    },
  }
}
