/** Operating points of an installed model on an archive, for the command line. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { ModelPackage } from '../../../contracts/model-package'
import type { PointChoice } from '../../../contracts/operating-points'
import { OverreadError } from '../../../contracts/errors'
import { openArchive } from '../../archive/archive'
import { modelNamed } from '../../networks/catalogue'
import { labelsWithPoint } from '../../networks/operating-points'
import { installedModels } from './cli-models'
import { defaultArchiveFolder } from '../default-archive'
import { describePoints, settingOf, type PointsOfModel } from '../operating-points'

export interface NamedPoints extends PointsOfModel {
  readonly package: ModelPackage
}

export interface WantedPoint {
  /** Null: the one that the model has. */
  readonly label: string | null
  readonly choice: PointChoice
  readonly comment: string
}

/**
 * Reads beside an app that has the archive open. An archive that is not there yet holds no setting.
 *
 * @throws OverreadError 'model.missing' or what is wrong with the package; what opening the archive gave.
 */
export async function readPoints(entry: string, archive: string | null, modelId: string): Promise<NamedPoints> {
  const model = modelNamed(await installedModels(entry, archive), modelId)
  const folder = archive ?? defaultArchiveFolder()
  if (!existsSync(folder)) return { ...describePoints(model, []), package: model.package }
  const opened = openArchive(folder, { readOnly: true })
  try {
    return { ...describePoints(model, opened.listPointSettings(model.id)), package: model.package }
  } finally {
    opened.close()
  }
}

/** @throws OverreadError as `readPoints`; 'model.operating-point'; 'archive.in-use' beside an app. */
export async function setPoint(entry: string, archive: string | null, modelId: string, wanted: WantedPoint): Promise<NamedPoints> {
  const model = modelNamed(await installedModels(entry, archive), modelId)
  const label = wanted.label ?? onlyLabel(model.package)
  const setting = settingOf(model, { settingId: randomUUID(), modelId: model.id, label, choice: wanted.choice, comment: wanted.comment })
  const opened = openArchive(archive ?? defaultArchiveFolder())
  try {
    opened.addPointSetting(setting)
    return { ...describePoints(model, opened.listPointSettings(model.id)), package: model.package }
  } finally {
    opened.close()
  }
}

function onlyLabel(model: ModelPackage): string {
  const labels = labelsWithPoint(model)
  if (labels.length !== 1) throw new OverreadError('model.operating-point', `name one of the labels ${labels.join(', ')}`)
  return labels[0]
}
