/** The grey levels of a conformed volume brought to those that the network knows, where its package says how. */
import { OverreadError } from '../../../../contracts/errors'
import type { VolumeModel } from '../../../../contracts/model-package'
import type { InstalledNetwork, VolumeServices } from '../analysis-input'
import { optionsOf, type ConformedVolume } from './conformed-volume'
import type { LabelledVolume } from './volume-run'

export interface MatchedVolume {
  readonly volume: ConformedVolume
  /** What was done, in a sentence; null: the package asks for nothing. */
  readonly note: string | null
}

/** @throws OverreadError 'model.needs-other' where the other network has no such label; 'compute.cancelled' */
export async function matchLevels(
  { package: { preprocess } }: InstalledNetwork<VolumeModel>,
  { package: other }: InstalledNetwork<VolumeModel>,
  conformed: ConformedVolume,
  { labels }: LabelledVolume,
  services: VolumeServices,
): Promise<MatchedVolume> {
  const { landmarks } = preprocess
  const { values, grid } = conformed
  if (!landmarks || !(values instanceof Uint8Array)) return { volume: conformed, note: null }
  const tissues = landmarks.map(({ label, level }) => {
    const number = other.outputs[0].labels.findIndex(({ name }) => name === label)
    if (number < 1) throw new OverreadError('model.needs-other', `${other.id} outlines no ${label}`)
    return { number, level, title: other.outputs[0].labels[number].title.toLowerCase() }
  })
  const target = new Uint8Array(new SharedArrayBuffer(values.length))
  const found = await services.workers.run('volume.match', { values, labels, tissues, target }, optionsOf(services))
  const names = tissues.map(({ title }) => title).join(' and ')
  if (!found) return { volume: conformed, note: `The levels of ${names} could not be brought to those that the network knows.` }
  const changes = tissues.map(({ title, level }, index) => `${title} from ${found[index]} to ${level}`)
  return { volume: { grid, values: target }, note: `Grey levels were brought to those that the network knows: ${changes.join(', ')}.` }
}
