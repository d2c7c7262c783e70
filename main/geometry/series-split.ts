/** A series divided into what is shown as one stack each, with the reason in words. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { planeNormal, distanceAlong } from './image-plane'
import { planeName } from './orientation'

export interface DisplayStack {
  readonly instances: readonly InstanceFacts[]
  /** What sets it apart from the others of its series; empty where there is one alone. */
  readonly reason: string
}

/** A property by which stacks are divided: its key, and how it is said. */
interface Divider {
  readonly key: (instance: InstanceFacts) => string
  readonly say: (instance: InstanceFacts) => string
}

const dividers: readonly Divider[] = [
  {
    key: ({ image }) => (image ? `${image.columns}×${image.rows}` : 'none'),
    say: ({ image }) => (image ? `${image.columns} × ${image.rows} pixels` : 'no picture'),
  },
  {
    key: ({ image }) => (image && image.numberOfFrames > 1 ? 'frames' : 'single'),
    say: ({ image }) => (image && image.numberOfFrames > 1 ? 'multi-frame' : 'single pictures'),
  },
  {
    key: ({ echoTimeMs }) => (echoTimeMs === null ? '' : echoTimeMs.toFixed(2)),
    say: ({ echoTimeMs }) => (echoTimeMs === null ? 'echo time unknown' : `TE ${Number(echoTimeMs.toFixed(2))} ms`),
  },
  {
    key: ({ inversionTimeMs }) => String(inversionTimeMs ?? ''),
    say: ({ inversionTimeMs }) => (inversionTimeMs === null ? 'no inversion' : `TI ${inversionTimeMs} ms`),
  },
  // The third value of Image Type on says magnitude, phase, water, fat and the like; localizers stand apart too.
  {
    key: ({ imageType }) => imageType.slice(2).join('\\'),
    say: ({ imageType }) => imageType.slice(2).join(' ').toLowerCase() || 'image type unknown',
  },
]

/** Directions count as one within 2 degrees: a scanner's rounding, not another stack. */
const sameDirection = Math.cos((2 * Math.PI) / 180)

/**
 * Divides the instances of one series by orientation, size, echo and inversion time, and kind of image.
 *
 * The order of stacks is that of their first instance. A property that leaves
 * more than 16 stacks divides nothing: then it changes with every picture and
 * says nothing to a reader.
 */
export function displayStacks(instances: readonly InstanceFacts[]): DisplayStack[] {
  let stacks = [{ instances: [...instances], reasons: [] as string[] }]
  const directions: { readonly normal: readonly [number, number, number]; readonly name: string }[] = []
  const direction = (instance: InstanceFacts): number => {
    const orientation = instance.image?.geometry[0].orientation
    if (!orientation) return -1
    const normal = planeNormal(orientation)
    const known = directions.findIndex((other) => distanceAlong(other.normal, normal) > sameDirection)
    return known >= 0 ? known : directions.push({ normal, name: planeName(orientation) ?? 'oblique' }) - 1
  }
  const orientationDivider: Divider = {
    key: (instance) => String(direction(instance)),
    say: (instance) => directions[direction(instance)]?.name ?? 'orientation unknown',
  }
  for (const { key, say } of [orientationDivider, ...dividers]) {
    const divided = stacks.flatMap(({ instances: members, reasons }) => {
      const groups = new Map<string, InstanceFacts[]>()
      for (const member of members) {
        const value = key(member)
        const group = groups.get(value)
        if (group) group.push(member)
        else groups.set(value, [member])
      }
      if (groups.size === 1) return [{ instances: members, reasons }]
      return [...groups.values()].map((group) => ({ instances: group, reasons: [...reasons, say(group[0])] }))
    })
    if (divided.length <= 16) stacks = divided
  }
  return stacks.map(({ instances: members, reasons }) => ({ instances: members, reason: reasons.join(', ') }))
}
