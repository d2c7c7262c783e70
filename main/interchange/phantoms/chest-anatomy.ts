/**
 * A drawn chest: how much a frontal ray is weakened, 0 for air to about 1 for the abdomen. Coordinates in mm on the
 * detector: u from the midline to the patient's left, v from the upper edge down. Nothing of it comes from a person.
 */
import { field, mix, step, uniform } from './noise'

/** A soft, patchy opacity in the right lower zone. */
export const opacity = { centreMm: { u: -78, v: 218 }, semiAxesMm: { u: 36, v: 32 } } as const

const coarse = field(201)
const fine = field(202)
const grain = field(203)

const apex = 34
const ribDistance = 24
/** Where each begins, and how far it reaches to the side. */
const ribs = Array.from({ length: 10 }, (_, rib) => {
  const start = apex + 8 + rib * ribDistance
  return { start, reachOut: Math.max(40, cage(start + 22) + 1) }
})

export function chestAttenuation(u: number, v: number): number {
  const side = Math.abs(u)
  const body = bodyInside(u, v)
  if (body === 0) return 0.01
  const below = belowDiaphragm(u, v)
  const lung = lungShape(u, v) * (1 - below)
  // Thinner towards the edge of the body.
  let value = body * (0.52 + 0.1 * step(150, 90, side) + 0.03 * coarse(u / 40, v / 40, 1))
  value += body * 0.3 * below
  value += (1 - below) * mediastinum(u, v)
  value += bones(u, v) * body
  value -= 0.1 * (1 - step(6, 9, side)) * (1 - step(128, 140, v)) * step(4, 20, v)
  value -= 0.2 * below * gasBubble(u, v)
  if (lung > 0) {
    value -= lung * (0.42 - 0.08 * step(60, 130, side) - 0.05 * step(120, 60, v))
    value += lung * (0.03 * fine(u / 5, v / 5, 2) + 0.02 * grain(u / 2, v / 2, 3) + opacityAt(u, v))
  }
  return Math.max(0.01, value)
}

/** Math.hypot guards against overflow and takes ten times as long. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}

function bodyInside(u: number, v: number): number {
  const side = Math.abs(u)
  const shoulder = 62 + 138 * step(4, 64, v) - 46 * step(90, 150, v)
  const width = shoulder + 4 * coarse(v / 60, u > 0 ? 4 : 9, 4)
  return 1 - step(width - 7, width, side)
}

/** Half the width of the rib cage. */
function cage(v: number): number {
  const down = Math.min(1, Math.max(0, (v - apex) / 290))
  return 138 * Math.sqrt(1 - (1 - down) ** 2.5)
}

/** Where the diaphragm lies; the angles at the sides reach lower. */
function diaphragm(u: number): number {
  const top = mix(272, 284, step(-40, 40, u))
  const across = (Math.abs(u) - 66) / 70
  // Flat between the domes, where the heart rests on it.
  return top + (across < 0 ? 6 : 34) * across * across + 2.5 * coarse(u / 30, 5, 5)
}

function belowDiaphragm(u: number, v: number): number {
  const edge = diaphragm(u)
  return step(edge - 2, edge + 2.5, v)
}

/** How much of a point shows lung: 1 inside. */
export function lungInside(u: number, v: number): number {
  return lungShape(u, v) * (1 - belowDiaphragm(u, v))
}

/** The lungs, were there no diaphragm. */
function lungShape(u: number, v: number): number {
  const side = Math.abs(u)
  if (v < apex || side < 15) return 0
  const wall = 1 - step(cage(v) - 4, cage(v) + 1, side)
  return wall * step(15, 24 + 6 * step(120, 40, v), side) * step(apex, apex + 5, v)
}

function mediastinum(u: number, v: number): number {
  const heart = length((u - 24 - 0.25 * (v - 228)) / 62, (v - 228) / 64)
  const atrium = length((u + 14) / 30, (v - 232) / 44)
  const arch = length((u - 18) / 24, (v - 128) / 27)
  const descending = length((u - 20) / 16, Math.max(0, Math.abs(v - 190) - 60) / 12)
  const upper = Math.abs(u - 2) / (25 + 5 * step(110, 50, v)) + step(190, 210, v)
  const shadow = Math.max(
    0.36 * (1 - step(0.93, 1.04, heart)),
    0.3 * (1 - step(0.9, 1.06, atrium)),
    0.27 * (1 - step(0.86, 1.08, arch)),
    0.22 * (1 - step(0.8, 1.1, descending)),
    0.2 * (1 - step(0.85, 1.1, upper)),
  )
  const hilum = length((Math.abs(u) - 36) / 15, (v - (u < 0 ? 172 : 162)) / 24)
  const hila = hilum > 1.6 ? 0 : 0.1 * (1 - step(0.5, 1.3, hilum + 0.25 * fine(u / 7, v / 7, 6)))
  return Math.max(shadow, hila)
}

function bones(u: number, v: number): number {
  const side = Math.abs(u)
  let value = 0
  if (side < 24) {
    const within = ((v + 8) % 25) / 25
    const disc = 1 - step(0.06, 0.13, Math.min(within, 1 - within))
    const arches = Math.abs(side - 9) < 4 && within > 0.35 && within < 0.62 ? 0.05 : 0
    value += (1 - step(15, 18, side)) * (0.12 - 0.05 * disc) + arches
  }
  for (const rib of ribs) value += ribAt(side, v, rib)
  const clavicle = Math.abs(v - (66 - 0.16 * side - 7 * Math.sin((side - 10) / 42)))
  if (side > 12 && side < 165) value += 0.13 * (1 - step(4.6, 6, clavicle)) * (0.75 + 0.25 * step(2, 5, clavicle))
  const blade = length((side - 162) / 32, (v - 120) / 62)
  value += 0.06 * (1 - step(0.9, 1.02, blade)) + 0.05 * (1 - step(0.01, 0.05, Math.abs(blade - 0.97)))
  const humerus = length((side - 196) / 20, (v - 84) / 24)
  return value + 0.14 * (1 - step(0.9, 1.02, humerus))
}

/** Its part behind falls to the side, its part in front returns to the middle, lower and fainter. */
function ribAt(side: number, v: number, { start, reachOut }: (typeof ribs)[number]): number {
  if (v < start - 25 || v > start + 130) return 0
  if (side > reachOut + 4) return 0
  const inward = reachOut - side
  const behind = start + 0.0019 * side * side - 0.12 * side
  const bend = 1 - step(0, 26, inward)
  const posterior = Math.abs(v - behind - bend * 9)
  let value = side > 16 ? band(posterior, 5) * 0.1 : 0
  const inFront = start + 0.0019 * reachOut * reachOut - 0.12 * reachOut + 14 + 0.62 * inward - 0.0012 * inward * inward
  value += band(Math.abs(v - inFront), 6) * 0.05 * step(72, 56, inward)
  return value + 0.03 * bend * band(posterior, 9)
}

/** A bone's shadow: denser at its edges. */
function band(distance: number, half: number): number {
  return (1 - step(half - 1, half + 0.6, distance)) * (0.6 + 0.4 * step(half * 0.4, half * 0.9, distance))
}

function gasBubble(u: number, v: number): number {
  const bubble = length((u - 62) / 27, (v - 318) / 13)
  return 1 - step(0.8, 1.05, bubble)
}

function opacityAt(u: number, v: number): number {
  const { centreMm, semiAxesMm } = opacity
  const away = length((u - centreMm.u) / semiAxesMm.u, (v - centreMm.v) / semiAxesMm.v)
  if (away > 1.6) return 0
  return 0.26 * (1 - step(0.35, 1.35, away + 0.3 * fine(u / 11, v / 11, 8))) * (0.85 + 0.25 * fine(u / 4, v / 4, 9))
}

export interface Vessel {
  readonly from: readonly [u: number, v: number]
  readonly to: readonly [u: number, v: number]
  readonly widthMm: number
}

/** Vessels as short pieces that leave the hila, fork and grow thin. */
export function chestVessels(): Vessel[] {
  const next = uniform(204)
  const vessels: Vessel[] = []
  const grow = (u: number, v: number, angle: number, widthMm: number): void => {
    if (widthMm < 0.5 || lungInside(u, v) === 0) return
    const length = 9 + 8 * next()
    const to = [u + length * Math.cos(angle), v + length * Math.sin(angle)] as const
    vessels.push({ from: [u, v], to, widthMm })
    const bend = () => (next() - 0.5) * 0.5
    if (next() < 0.42) {
      const apart = 0.35 + 0.35 * next()
      grow(...to, angle + apart + bend(), widthMm * 0.72)
      grow(...to, angle - apart + bend(), widthMm * 0.72)
    } else {
      grow(...to, angle + bend(), widthMm * 0.92)
    }
  }
  for (const side of [-1, 1]) {
    for (let branch = 0; branch < 9; branch++) {
      const angle = mix(-1.35, 1.45, branch / 8)
      grow(side * (33 + 5 * next()), (side < 0 ? 172 : 162) + 16 * Math.sin(angle), side < 0 ? Math.PI - angle : angle, 2.2 + 1.2 * next())
    }
  }
  return vessels
}
