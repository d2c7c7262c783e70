/** A series as the window reads it: its stacks, the slices of each in order, with their geometry and what is odd about them. */
import type { FrameGeometry } from '../../../contracts/dicom-facts'
import { OverreadError } from '../../../contracts/errors'
import type { SeriesDetail, SeriesRemark, Slice, StudyDetail } from '../../../contracts/worklist'
import type { StudyContents, StudyInstance, StudySeries } from '../../archive/study-contents'
import type { Affine } from '../../geometry/affine'
import { seriesFrames, type SeriesFrame } from '../../geometry/series-frame'
import { orderFrames } from '../../geometry/series-order'
import { isCaution } from '../../geometry/series-remarks'
import { displayStacks } from '../../geometry/series-split'

/** One slice of a stack with all that an analysis needs to know of it. */
export interface SeriesSlice extends Slice {
  readonly instance: StudyInstance
}

export interface OrderedStack {
  /** What sets it apart from the others of its series; empty where there is one alone. */
  readonly stack: string
  readonly slices: readonly SeriesSlice[]
  readonly isVolume: boolean
  /** [column, row, slice] to LPS+ mm where the gaps are even, also sheared by a tilt. */
  readonly affine: Affine | null
  readonly remarks: readonly SeriesRemark[]
}

type Instances = Pick<StudySeries, 'instances'>

/** The stacks of a series, each in reading order; none where it holds no picture. */
export function orderedStacks({ instances }: Instances): OrderedStack[] {
  const byUid = new Map(instances.map((instance) => [instance.facts.sopInstanceUid, instance]))
  return displayStacks(framesOf(instances)).map(({ frames, reason }) => orderedStack(frames, reason, byUid))
}

/**
 * One stack by its name; by an empty one the whole series, divided or not, as it was before it held several stacks.
 *
 * @throws OverreadError 'archive.missing' where the series holds no such stack
 */
export function stackOf({ instances }: Instances, stack: string): OrderedStack {
  const byUid = new Map(instances.map((instance) => [instance.facts.sopInstanceUid, instance]))
  const frames = framesOf(instances)
  if (stack === '') return orderedStack(frames, '', byUid)
  const found = displayStacks(frames).find(({ reason }) => reason === stack)
  if (!found) throw new OverreadError('archive.missing', `the part "${stack}" of the series`)
  return orderedStack(found.frames, stack, byUid)
}

function framesOf(instances: readonly StudyInstance[]): SeriesFrame[] {
  return seriesFrames(instances.map(({ facts }) => facts))
}

function orderedStack(frames: readonly SeriesFrame[], stack: string, byUid: ReadonlyMap<string, StudyInstance>): OrderedStack {
  const order = orderFrames(frames)
  const slices = order.slices.map(({ sopInstanceUid, frameIndex, positionMm }) => {
    const instance = byUid.get(sopInstanceUid)!
    const image = instance.facts.image!
    const geometry: FrameGeometry = image.geometry[frameIndex] ?? image.geometry[0]
    return {
      sopInstanceUid,
      frameIndex,
      instanceNumber: instance.facts.instanceNumber,
      rows: image.rows,
      columns: image.columns,
      positionMm,
      geometry,
      patientOrientation: instance.facts.patientOrientation,
      instance,
    }
  })
  return {
    stack,
    slices,
    isVolume: order.isVolume,
    affine: order.affine,
    remarks: order.remarks.map((remark) => ({ sentence: remark.sentence, caution: isCaution(remark) })),
  }
}

/** A series without a picture is listed too, once. */
function seriesDetails(series: StudySeries): SeriesDetail[] {
  const stacks = orderedStacks(series)
  const shown = stacks.length > 0 ? stacks : [{ stack: '', slices: [], isVolume: false, affine: null, remarks: [] }]
  return shown.map((stack) => seriesDetail(series, stack))
}

function seriesDetail(series: StudySeries, { stack, slices, isVolume, remarks }: OrderedStack): SeriesDetail {
  const first = (slices[0]?.instance ?? series.instances[0])?.facts
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    stack,
    number: series.number,
    modality: series.modality,
    description: series.description,
    bodyPart: first?.series.bodyPart ?? '',
    viewPosition: first?.viewPosition ?? '',
    instances: new Set(slices.map(({ sopInstanceUid }) => sopInstanceUid)).size,
    slices: slices.map(({ instance: _instance, ...slice }) => slice),
    notShown: series.instances.filter(({ facts }) => facts.image === null).length,
    isVolume,
    remarks: [...remarks],
    frameTimeMs: slices[0]?.instance.facts.image?.frameTimeMs ?? null,
  }
}

export function studyDetailOf({ row, series, history }: StudyContents): StudyDetail {
  return { row, series: series.flatMap(seriesDetails), history: [...history] }
}
