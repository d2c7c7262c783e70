/** What holds of a model's operating points and what was set, for windows and the command line. */
import { OverreadError } from '../../contracts/errors'
import type { PointSetting } from '../../contracts/operating-points'
import type { RequestInput, RequestOutput } from '../../contracts/protocol'
import type { NewPointSetting } from '../archive/operating-points'
import type { InstalledModel } from '../networks/catalogue'
import { pointsInForce, resolveChoice } from '../networks/operating-points'
import type { Engine } from './engine'

export type PointsOfModel = RequestOutput<'operating-points.list'>

export function describePoints(model: InstalledModel | undefined, history: readonly PointSetting[]): PointsOfModel {
  if (!model?.package) return { model: null, inForce: [], history: [...history] }
  const { id, version, sha256, title } = model.package
  return { model: { id, version, sha256, title }, inForce: pointsInForce(model.package, history), history: [...history] }
}

/** @throws OverreadError 'model.missing' or what is wrong with the package; 'model.operating-point' */
export function settingOf(
  model: InstalledModel | undefined,
  { settingId, modelId, label, choice, comment }: RequestInput<'operating-point.set'>,
): Omit<NewPointSetting, 'reader'> {
  if (!model) throw new OverreadError('model.missing', modelId)
  if (!model.package) throw new OverreadError(model.error?.code ?? 'model.schema')
  const { version, sha256 } = model.package
  return { settingId, modelId, modelVersion: version, modelSha256: sha256, label, ...resolveChoice(model.package, label, choice), comment }
}

export async function listOperatingPoints(engine: Engine, modelId: string): Promise<PointsOfModel> {
  const [model, history] = await Promise.all([findModel(engine, modelId), engine.archive.listPointSettings(modelId)])
  return describePoints(model, history)
}

export async function setOperatingPoint(engine: Engine, request: RequestInput<'operating-point.set'>): Promise<PointSetting> {
  const added = await engine.archive.addPointSetting(settingOf(await findModel(engine, request.modelId), request))
  engine.emit({ event: 'operating-points.changed', modelId: request.modelId })
  return added
}

async function findModel(engine: Engine, modelId: string): Promise<InstalledModel | undefined> {
  return (await engine.models()).find(({ id }) => id === modelId)
}
