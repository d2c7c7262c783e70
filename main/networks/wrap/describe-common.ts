/** What every description holds, from answers. */
import type { PictureModel } from '../../../contracts/model-package'
import type { Answered } from './describe-picture-network'
import { listIn } from './question'
import type { NetworkSource } from './source'

export interface PackageFiles {
  readonly file: string
  readonly weightFiles: readonly string[]
  readonly normaliseAfter: string | null
  readonly sha256: string
  /** By output: the file in `golden/`. */
  readonly golden: Readonly<Record<string, string>>
}

type Common = Pick<
  PictureModel,
  | 'schemaVersion'
  | 'id'
  | 'version'
  | 'title'
  | 'intendedUse'
  | 'notFor'
  | 'engine'
  | 'file'
  | 'weightFiles'
  | 'normaliseAfter'
  | 'sha256'
  | 'licence'
  | 'accepts'
  | 'calibration'
  | 'metrics'
  | 'training'
>

export function describeCommon(
  { engine }: NetworkSource,
  answer: Answered,
  { file, weightFiles, normaliseAfter, sha256 }: PackageFiles,
): Common {
  const bodyPart = listIn(answer('bodyPart')).map((part) => part.toUpperCase())
  return {
    schemaVersion: 1,
    id: answer('id'),
    version: answer('version'),
    title: answer('title'),
    intendedUse: answer('intendedUse'),
    notFor: answer('notFor')
      .split(';')
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== ''),
    engine,
    file,
    weightFiles: [...weightFiles],
    ...(normaliseAfter === null ? {} : { normaliseAfter }),
    sha256,
    licence: answer('licence'),
    accepts: { modality: listIn(answer('modality')), ...(bodyPart.includes('ANY') ? {} : { bodyPart }) },
    calibration: null,
    metrics: [],
    training: { data: answer('trainingData'), code: answer('trainingCode'), seed: 0 },
  }
}
