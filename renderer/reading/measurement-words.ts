/** What a measurement says, line by line. */
import type { Frame } from '../../contracts/frame'
import type { Slice } from '../../contracts/worklist'
import {
  angleAt,
  ellipseArea,
  ellipseStatistics,
  lengthBetween,
  pixelScale,
  type Ellipse,
  type LengthUnit,
} from '../../main/geometry/measure'
import type { Measurement } from './measurement'

const lengthUnits: Record<LengthUnit, string> = {
  mm: 'mm',
  'mm-detector': 'mm at the detector',
  'mm-film': 'mm on the film',
  px: 'px',
  'pixel-width': 'pixel widths',
}
const areaUnits: Record<LengthUnit, string> = {
  mm: 'mm²',
  'mm-detector': 'mm² at the detector',
  'mm-film': 'mm² on the film',
  px: 'px',
  'pixel-width': 'px',
}
const unknownSize = 'Pixel size not known'

const size = (value: number) => value.toFixed(value < 10 ? 2 : 1)
/** Four digits that count; whole numbers as they are. */
const valueText = (value: number) =>
  Number.isInteger(value) || Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)))

/** `frame` and `slice` are those of the picture that was measured. */
export function measurementLines({ kind, points }: Pick<Measurement, 'kind' | 'points'>, slice: Slice, frame: Frame): string[] {
  const { description, samples } = frame
  const scale = pixelScale(slice.geometry, description.regions, points)
  const sizeNote = scale.unit === 'px' || scale.unit === 'pixel-width' ? [unknownSize] : []
  if (kind === 'length') return [`${size(lengthBetween(points[0], points[1], scale))} ${lengthUnits[scale.unit]}`, ...sizeNote]
  if (kind === 'angle') {
    const angle = angleAt(points[0], points[1], points[2], scale)
    return angle === null ? [] : [`${angle.toFixed(1)}°`]
  }
  const ellipse: Ellipse = [points[0], points[1]]
  const area = `Area ${size(ellipseArea(ellipse, scale))} ${areaUnits[scale.unit]}`
  if (description.samplesPerPixel === 3) return [area, ...sizeNote]
  const statistics = ellipseStatistics(ellipse, samples, description, description.presentation.padding)
  if (!statistics) return [area, 'No value inside', ...sizeNote]
  const unit = description.unit === '' ? '' : ` ${description.unit}`
  const { mean, standardDeviation, min, max } = statistics
  return [
    area,
    `Mean ${valueText(mean)}${unit}, SD ${valueText(standardDeviation)}`,
    `Min ${valueText(min)}, max ${valueText(max)}`,
    ...sizeNote,
  ]
}
