/** In which sequence the pictures of a stack follow one another: by orientation, volume, place, then by their numbers. */
import { distanceAlong, planeNormal, type PatientPoint } from './image-plane'
import { isCine, samePlaceMm, sharedPlaces, type SeriesFrame } from './series-frame'

/** A picture with its place in the sequence. */
export interface Entry extends SeriesFrame {
  /** Which orientation of the series it has; -1 without one. */
  readonly stack: number
  readonly positionMm: number | null
  /** Which of several volumes at the same place it belongs to, from 0. */
  readonly volume: number
}

/** Directions count as one within this, about 0.5 degrees. */
const sameDirection = Math.cos((0.5 * Math.PI) / 180)

/** The pictures in sequence, and the normals of the orientations they have, which `stack` counts in. */
export function inSequence(frames: readonly SeriesFrame[]): {
  readonly entries: readonly Entry[]
  readonly normals: readonly PatientPoint[]
} {
  const normals: PatientPoint[] = []
  const entries = inVolumes(frames.map((frame) => entryOf(frame, normals)))
  return { entries: entries.sort(compareEntries), normals }
}

function entryOf(frame: SeriesFrame, normals: PatientPoint[]): Entry {
  const { geometry } = frame
  if (!geometry?.orientation) return { ...frame, stack: -1, positionMm: null, volume: 0 }
  const direction = planeNormal(geometry.orientation)
  // The same plane seen from behind is another orientation: its letters differ.
  let stack = normals.findIndex((normal) => distanceAlong(normal, direction) > sameDirection)
  if (stack < 0) stack = normals.push(direction) - 1
  const positionMm = geometry.position && !isCine(frame) ? distanceAlong(normals[stack], geometry.position) : null
  return { ...frame, stack, positionMm, volume: 0 }
}

/** What may say which of several volumes a picture belongs to, the surest first. */
const volumeKeys: readonly ((entry: Entry) => string | number | null)[] = [
  ({ instance, kind }) => kind?.temporalPosition ?? instance.temporalPosition ?? null,
  // All but the place among the slices, which the position says as well: only where it is the last dimension.
  ({ kind }) => (kind && kind.dimensionIndex.length > 1 ? kind.dimensionIndex.slice(0, -1).join('.') : null),
  ({ instance, kind }) => kind?.triggerDelayMs ?? instance.triggerTimeMs ?? null,
  ({ instance }) => instance.acquisitionNumber,
  ({ instance }) => ((instance.image?.numberOfFrames ?? 1) > 1 ? (instance.instanceNumber ?? instance.sopInstanceUid) : null),
]

/** Numbers the volumes where pictures lie at one place and one of the keys tells them wholly apart; else all are of the first. */
function inVolumes(entries: Entry[]): Entry[] {
  if (!liesTwice(entries)) return entries
  for (const keyOf of volumeKeys) {
    const keys = entries.map(keyOf)
    if (keys.includes(null)) continue
    const order = [...new Set(keys as (string | number)[])].sort(compareKeys)
    if (order.length < 2) continue
    const volumes = new Map(order.map((key, index) => [key, index]))
    const numbered = entries.map((entry, index) => ({ ...entry, volume: volumes.get(keys[index]!)! }))
    if (!liesTwice(numbered)) return numbered
  }
  return entries
}

function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

/** Whether two pictures of one volume and orientation lie at one place. */
function liesTwice(entries: readonly Entry[]): boolean {
  const places = new Map<string, number[]>()
  for (const { volume, stack, positionMm } of entries) {
    if (positionMm === null) continue
    const key = `${volume} ${stack}`
    const known = places.get(key)
    if (known) known.push(positionMm)
    else places.set(key, [positionMm])
  }
  return [...places.values()].some((positions) => sharedPlaces(positions) > 0)
}

function compareEntries(a: Entry, b: Entry): number {
  if (a.stack !== b.stack) return a.stack < 0 ? 1 : b.stack < 0 ? -1 : a.stack - b.stack
  if (a.volume !== b.volume) return a.volume - b.volume
  if (a.positionMm === null || b.positionMm === null) {
    if (a.positionMm !== b.positionMm) return a.positionMm === null ? 1 : -1
  } else if (Math.abs(a.positionMm - b.positionMm) >= samePlaceMm) {
    return a.positionMm - b.positionMm
  }
  return compareNumbers(a, b)
}

/** By concatenation and dimension index within one object, else by instance number; then by frame. */
function compareNumbers(a: Entry, b: Entry): number {
  const [first, second] = [a.instance.concatenation, b.instance.concatenation]
  const oneObject = a.instance === b.instance || (first && second && first.uid === second.uid)
  if (oneObject) {
    const dimensions = compareDimensions(a.kind?.dimensionIndex ?? [], b.kind?.dimensionIndex ?? [])
    if (dimensions !== 0) return dimensions
    return (first?.frameOffset ?? 0) + a.frameIndex - (second?.frameOffset ?? 0) - b.frameIndex
  }
  const numbers = (a.instance.instanceNumber ?? Infinity) - (b.instance.instanceNumber ?? Infinity)
  if (numbers !== 0 && !Number.isNaN(numbers)) return numbers
  return a.instance.sopInstanceUid < b.instance.sopInstanceUid ? -1 : 1
}

function compareDimensions(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return 0
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return a[index] - b[index]
  return 0
}
