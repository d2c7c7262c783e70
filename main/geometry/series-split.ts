/** A series divided into what is shown as one stack each, with the reason in words. */
import { distanceAlong, planeNormal, type PatientPoint } from './image-plane'
import { planeName } from './orientation'
import { isCine, sharedPlaces, type SeriesFrame } from './series-frame'

export interface DisplayStack {
  readonly frames: readonly SeriesFrame[]
  /** What sets it apart from the others of its series, and its name among them; empty where there is one alone. */
  readonly reason: string
}

/** A property by which stacks are divided: its key, and how it is said. */
interface Divider {
  readonly key: (frame: SeriesFrame) => string
  readonly say: (frame: SeriesFrame) => string
  /** Divides only where pictures lie at the same place, and only if then fewer do: it may as well change from slice to slice. */
  readonly onlyApart?: boolean
  /** With `onlyApart`: divides also where no picture has a place. */
  readonly placeless?: boolean
  /** The most stacks it may leave; beyond, it changes with every picture and says nothing to a reader. */
  readonly most?: number
}

const defaultMost = 16
const reasonLimit = 200

const projections = new Set(['CR', 'DX', 'MG', 'IO', 'PX', 'XA', 'RF', 'RG'])

const echoTime = ({ instance, kind }: SeriesFrame) => kind?.echoTimeMs ?? instance.echoTimeMs
const bValue = ({ instance, kind }: SeriesFrame) => kind?.bValue ?? instance.bValue ?? null
const temporalPosition = ({ instance, kind }: SeriesFrame) => kind?.temporalPosition ?? instance.temporalPosition ?? null
const triggerTime = ({ instance, kind }: SeriesFrame) => kind?.triggerDelayMs ?? instance.triggerTimeMs ?? null
/** The third value of Image Type on says magnitude, phase, water, fat and the like; localisers stand apart too. */
const component = ({ instance, kind }: SeriesFrame) =>
  kind && kind.component !== '' ? kind.component : instance.imageType.slice(2).join(' ')
/** A part of a concatenation belongs to its whole. */
const objectKey = ({ instance }: SeriesFrame) => instance.concatenation?.uid ?? instance.sopInstanceUid
const number = (value: number) => String(Number(value.toFixed(2)))
const keyOf = (value: number | null) => (value === null ? '' : value.toFixed(2))

const dividers: readonly Divider[] = [
  {
    key: ({ instance: { image } }) => `${image!.columns}×${image!.rows}`,
    say: ({ instance: { image } }) => `${image!.columns} × ${image!.rows} pixels`,
  },
  // Each cine is a clip of its own; what has places is stacked by them, whichever object it came in.
  {
    key: (frame) => (isCine(frame) ? objectKey(frame) : ''),
    say: (frame) => (isCine(frame) ? clipName(frame) : 'single pictures'),
    most: 256,
  },
  {
    key: ({ instance }) =>
      projections.has(instance.series.modality) ? `${instance.series.laterality} ${instance.viewPosition}`.trim() : '',
    say: ({ instance }) => `${instance.series.laterality} ${instance.viewPosition}`.trim() || 'view not stated',
  },
  { key: ({ kind }) => kind?.stackId ?? '', say: ({ kind }) => `stack ${kind?.stackId || 'not stated'}` },
  {
    key: (frame) => keyOf(echoTime(frame)),
    say: (frame) => (echoTime(frame) === null ? 'echo time unknown' : `TE ${number(echoTime(frame)!)} ms`),
  },
  {
    key: ({ instance }) => keyOf(instance.inversionTimeMs),
    say: ({ instance: { inversionTimeMs } }) => (inversionTimeMs === null ? 'no inversion' : `TI ${number(inversionTimeMs)} ms`),
  },
  {
    key: (frame) => keyOf(bValue(frame)),
    say: (frame) => (bValue(frame) === null ? 'b-value unknown' : `b ${number(bValue(frame)!)} s/mm²`),
  },
  { key: component, say: (frame) => component(frame).toLowerCase() || 'image type unknown', onlyApart: true, placeless: true },
  {
    key: (frame) => String(temporalPosition(frame) ?? ''),
    say: (frame) => (temporalPosition(frame) === null ? 'time unknown' : `time ${temporalPosition(frame)}`),
    onlyApart: true,
  },
  {
    key: (frame) => keyOf(triggerTime(frame)),
    say: (frame) => (triggerTime(frame) === null ? 'phase unknown' : `phase ${number(triggerTime(frame)!)} ms`),
    onlyApart: true,
  },
  {
    key: ({ instance }) => String(instance.acquisitionNumber ?? ''),
    say: ({ instance }) => (instance.acquisitionNumber === null ? 'acquisition unknown' : `acquisition ${instance.acquisitionNumber}`),
    onlyApart: true,
  },
  {
    key: (frame) => ((frame.instance.image?.numberOfFrames ?? 1) > 1 ? objectKey(frame) : ''),
    say: ({ instance }) => (instance.instanceNumber === null ? 'object' : `object ${instance.instanceNumber}`),
    onlyApart: true,
  },
]

function clipName({ instance }: SeriesFrame): string {
  return instance.instanceNumber === null ? 'clip' : `clip ${instance.instanceNumber}`
}

interface Group {
  readonly frames: readonly SeriesFrame[]
  readonly reasons: readonly string[]
}

/**
 * Divides the pictures of one series by orientation, size, clip, view, stack, echo and inversion time and b-value, and, where
 * several then still lie at one place, by kind of image, time, heart phase, acquisition or object.
 *
 * The order of stacks is that of their first picture. A property that leaves more stacks than a reader can use divides
 * nothing. No two stacks have the same reason.
 */
export function displayStacks(frames: readonly SeriesFrame[]): DisplayStack[] {
  if (frames.length === 0) return []
  let groups: Group[] = [{ frames, reasons: [] }]
  for (const divider of [orientationDivider(), ...dividers]) {
    const divided = groups.flatMap((group) => divide(group, divider))
    if (divided.length <= Math.max(groups.length, divider.most ?? defaultMost)) groups = divided
  }
  return distinct(groups.map((group) => ({ frames: group.frames, reason: group.reasons.join(', ').slice(0, reasonLimit) })))
}

/** Directions count as one within 2 degrees: a scanner's rounding, not another stack. */
const sameDirection = Math.cos((2 * Math.PI) / 180)

function orientationDivider(): Divider {
  const directions: { readonly normal: PatientPoint; readonly name: string }[] = []
  const direction = ({ geometry }: SeriesFrame): number => {
    const orientation = geometry?.orientation
    if (!orientation) return -1
    const normal = planeNormal(orientation)
    const known = directions.findIndex((other) => distanceAlong(other.normal, normal) > sameDirection)
    return known >= 0 ? known : directions.push({ normal, name: planeName(orientation) ?? 'oblique' }) - 1
  }
  return {
    key: (frame) => String(direction(frame)),
    say: (frame) => directions[direction(frame)]?.name ?? 'orientation unknown',
  }
}

function divide(group: Group, { key, say, onlyApart, placeless }: Divider): Group[] {
  const parts = new Map<string, SeriesFrame[]>()
  for (const frame of group.frames) {
    const value = key(frame)
    const part = parts.get(value)
    if (part) part.push(frame)
    else parts.set(value, [frame])
  }
  if (parts.size === 1) return [group]
  const divided = [...parts.values()]
  if (onlyApart && !(placeless && group.frames.every(hasNoPlace)) && !helps(group.frames, divided)) return [group]
  return divided.map((part) => ({ frames: part, reasons: [...group.reasons, say(part[0])] }))
}

/** Whether pictures lie at one place before, and fewer do in the parts. */
function helps(frames: readonly SeriesFrame[], parts: readonly (readonly SeriesFrame[])[]): boolean {
  const before = atOnePlace(frames)
  return before > 0 && parts.reduce((sum, part) => sum + atOnePlace(part), 0) < before
}

function hasNoPlace({ geometry }: SeriesFrame): boolean {
  return !geometry?.position || !geometry.orientation
}

/** How many pictures lie where another one lies; those without a place count as none. */
export function atOnePlace(frames: readonly SeriesFrame[]): number {
  const positions = frames.flatMap((frame) => {
    const { geometry } = frame
    return !hasNoPlace(frame) && !isCine(frame) ? [distanceAlong(planeNormal(geometry!.orientation!), geometry!.position!)] : []
  })
  return sharedPlaces(positions)
}

/** The second of two stacks that would be called alike gets a number. */
function distinct(stacks: readonly DisplayStack[]): DisplayStack[] {
  const seen = new Map<string, number>()
  return stacks.map(({ frames, reason }) => {
    const count = (seen.get(reason) ?? 0) + 1
    seen.set(reason, count)
    return { frames, reason: count === 1 ? reason : `${reason} (${count})` }
  })
}
