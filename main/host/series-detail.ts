/** A series as the window reads it: slices in order, with their geometry and what is odd about them. */
import type { FrameGeometry } from '../../contracts/dicom-facts'
import type { SeriesDetail, Slice, StudyDetail } from '../../contracts/worklist'
import type { StudyContents, StudyInstance, StudySeries } from '../archive/study-contents'
import { orderSeries } from '../geometry/series-order'

/** One slice of a series with all that an analysis needs to know of it. */
export interface SeriesSlice extends Slice {
  readonly instance: StudyInstance
}

export interface OrderedSeries {
  readonly slices: readonly SeriesSlice[]
  readonly isVolume: boolean
  readonly remarks: readonly string[]
}

export function orderedSeries(series: Pick<StudySeries, 'instances'>): OrderedSeries {
  const pictures = series.instances.filter(({ facts }) => facts.image !== null)
  const byUid = new Map(pictures.map((instance) => [instance.facts.sopInstanceUid, instance]))
  const order = orderSeries(pictures.map(({ facts }) => facts))
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
  return { slices, isVolume: order.isVolume, remarks: order.remarks.map(({ sentence }) => sentence) }
}

function seriesDetail(series: StudySeries): SeriesDetail {
  const { slices, isVolume, remarks } = orderedSeries(series)
  const first = series.instances[0]?.facts
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    number: series.number,
    modality: series.modality,
    description: series.description,
    bodyPart: first?.series.bodyPart ?? '',
    viewPosition: first?.viewPosition ?? '',
    instances: series.instances.length,
    slices: slices.map(({ instance: _instance, ...slice }) => slice),
    notShown: series.instances.filter(({ facts }) => facts.image === null).length,
    isVolume,
    remarks: [...remarks],
    frameTimeMs: slices[0]?.instance.facts.image?.frameTimeMs ?? null,
  }
}

export function studyDetailOf({ row, series }: StudyContents): StudyDetail {
  return { row, series: series.map(seriesDetail) }
}
