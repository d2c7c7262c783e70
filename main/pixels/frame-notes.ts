/** What belongs to a frame beside its values: overlays, scales of its regions, and what is noted but not applied. */
import type { CalibratedRegion, FrameDescription, FrameNote } from '../../contracts/frame'
import type { DataSet } from '../dicom/data-set'
import type { DicomObject } from '../dicom/dicom-object'
import { overlayPlaneCount } from './overlay-planes'

const regionLimit = 256

/** @param colour whether the picture is shown in colour */
export function frameExtras(
  object: DicomObject,
  frameIndex: number,
  colour: boolean,
): Pick<FrameDescription, 'overlayPlanes' | 'notes' | 'regions'> {
  return {
    overlayPlanes: overlayPlaneCount(object, frameIndex),
    notes: [...frameNotes(object.dataSet, colour), ...(object.program === null ? [] : (['program'] as const))],
    regions: calibratedRegions(object.dataSet),
  }
}

function frameNotes(dataSet: DataSet, colour: boolean): FrameNote[] {
  // (0028,2000) ICC Profile, of the object or of its optical path. PS3.3 C.11.15, C.8.12.5.
  if (colour) return [dataSet, ...dataSet.items(0x00480105)].some((place) => place.has(0x00282000)) ? ['icc-profile'] : []
  // A grey picture some of whose values stand for colours. PS3.3 C.8.16.2, C.7.6.19.
  const presentation = dataSet.text(0x00089205).toUpperCase()
  return (presentation === 'COLOR' || presentation === 'MIXED') && dataSet.has(0x00281101) ? ['supplemental-palette'] : []
}

/** The regions of an ultrasound picture. PS3.3 C.8.5.5. Those whose corners are not stated are passed over. */
function calibratedRegions(dataSet: DataSet): CalibratedRegion[] {
  return dataSet
    .items(0x00186011)
    .slice(0, regionLimit)
    .flatMap((region) => {
      const [left, top, right, bottom] = [0x00186018, 0x0018601a, 0x0018601c, 0x0018601e].map((tag) => region.integer(tag))
      if (left === null || top === null || right === null || bottom === null) return []
      return [{ left, top, right, bottom, pixelSpacing: regionSpacing(region) }]
    })
}

function regionSpacing(region: DataSet): [number, number] | null {
  // Units 3: centimetres. Spectra and M-mode have seconds along an axis.
  if (region.integer(0x00186024) !== 3 || region.integer(0x00186026) !== 3) return null
  const betweenColumns = Math.abs(region.number(0x0018602c) ?? 0) * 10
  const betweenRows = Math.abs(region.number(0x0018602e) ?? 0) * 10
  const stated = [betweenRows, betweenColumns].every((value) => value > 0 && Number.isFinite(value))
  return stated ? [betweenRows, betweenColumns] : null
}
