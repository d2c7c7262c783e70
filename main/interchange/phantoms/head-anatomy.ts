/**
 * A drawn head: the signal of a FLAIR acquisition at a point. Coordinates in mm, LPS: x to the left, y to the back,
 * z to the top; the origin lies between the ventricles. Nothing of it comes from a person.
 */
import { field, mix, step } from './noise'

type Point = readonly [x: number, y: number, z: number]

interface Ellipsoid {
  readonly centre: Point
  readonly semiAxes: Point
}

/** Hyperintense, in the white matter of the left frontal lobe. Its edge lies where the signal is half-way. */
export const lesion: Ellipsoid = { centre: [31, -22, 27], semiAxes: [18, 21, 16] }
export const lesionVolumeMl = ((4 / 3) * Math.PI * lesion.semiAxes[0] * lesion.semiAxes[1] * lesion.semiAxes[2]) / 1000

/** A capsule taped to the skin over the right ear, as is used to tell the sides. */
export const marker: Ellipsoid = { centre: [-81, 6, 20], semiAxes: [4, 6, 9] }

const head: Ellipsoid = { centre: [0, 0, -2], semiAxes: [76, 95, 96] }

/** Signals; white matter is 300. */
const signal = { fat: 820, muscle: 300, bone: 45, marrow: 210, fluid: 55, white: 300, grey: 345, lesion: 540, eye: 60, air: 8 }

/** Eyes and nose lie below. */
const faceTop = -16

const folds = field(101)
const coarse = field(102)
const fine = field(103)

/** Relative distance from the centre of an ellipsoid: 1 on its surface. */
function reach([x, y, z]: Point, { centre, semiAxes }: Ellipsoid): number {
  return length((x - centre[0]) / semiAxes[0], (y - centre[1]) / semiAxes[1], (z - centre[2]) / semiAxes[2])
}

/** Depth below the surface of an ellipsoid in mm, about; negative outside. */
function depth([px, py, pz]: Point, { centre, semiAxes }: Ellipsoid): number {
  const x = (px - centre[0]) / semiAxes[0]
  const y = (py - centre[1]) / semiAxes[1]
  const z = (pz - centre[2]) / semiAxes[2]
  const relative = length(x, y, z)
  if (relative < 0.01) return Math.min(...semiAxes)
  return ((1 - relative) * relative) / length(x / semiAxes[0], y / semiAxes[1], z / semiAxes[2])
}

/** Math.hypot guards against overflow and takes ten times as long. */
function length(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z)
}

/** The signal at a point, without coil profile and noise. */
export function headSignal(point: Point): number {
  const [x, y, z] = point
  const nearFace = z < faceTop && y < 40
  const roughly = depth(point, head)
  if (roughly < -4 && !nearFace) return markerSignal(point, signal.air)
  const below = roughly + 1.5 * coarse(x / 30, y / 30, z / 30)
  let value = mix(signal.air, signal.fat * (0.9 + 0.1 * fine(x / 3, y / 3, z / 3)), step(-0.8, 0.9, below))
  value = mix(value, signal.bone, step(3.8, 5.6, below))
  value = mix(value, signal.marrow, step(6.6, 7.6, below) * (1 - step(8.2, 9.2, below)))
  value = mix(value, signal.fluid, step(9.8, 10.8, below))
  if (below > 11.4) value = mix(value, brain(point, below), step(11.6, 13, below))
  if (nearFace) value = face(point, value)
  return markerSignal(point, value)
}

function markerSignal(point: Point, value: number): number {
  return point[0] < -70 ? mix(value, signal.fat, 1 - step(0.9, 1.1, reach(point, marker))) : value
}

function brain(point: Point, below: number): number {
  const [x, y, z] = point
  const surface = below - 12
  const inCortex = 1 - step(8, 20, surface)
  let value = signal.white * (1 + 0.04 * coarse(x / 22, y / 22, z / 22))
  if (inCortex > 0) {
    // The cortex follows the folds: grey along them and along the surface, fluid within.
    const fold = Math.abs(folds(x / 13, y / 13, z / 16) + 0.35 * fine(x / 6, y / 6, z / 8))
    const grey = Math.max(1 - step(2.5, 4.5, surface), inCortex * (1 - step(0.12, 0.3, fold)))
    value = mix(value, signal.grey, grey)
    value = mix(value, signal.fluid * 1.6, 0.75 * inCortex * (1 - step(0.015, 0.08, fold)))
  }
  value = basalGanglia(point, value)
  value = mix(value, signal.fluid, fissure(point))
  value = lesionSignal(point, value)
  return z < -10 ? base(point, value) : ventricles(point, value)
}

function basalGanglia(point: Point, value: number): number {
  const mirrored: Point = [Math.abs(point[0]), point[1], point[2]]
  const thalamus = 1 - step(0.85, 1.1, reach(mirrored, { centre: [11, 12, 4], semiAxes: [9, 14, 10] }))
  const putamen = 1 - step(0.85, 1.1, reach(mirrored, { centre: [25, -6, 2], semiAxes: [5, 15, 11] }))
  return mix(value, signal.white * 1.03, Math.max(thalamus, putamen))
}

/** Between the hemispheres, and the fissures at the sides. 1 inside. */
function fissure([x, y, z]: Point): number {
  const bend = 1.2 * coarse(y / 25, z / 25, 7)
  const beyondCallosum = Math.max(step(-38, -46, y), step(36, 44, y), step(30, 36, z))
  const middle = (1 - step(0.5, 1.5, Math.abs(x - bend))) * beyondCallosum * step(-34, -26, z)
  const side =
    (1 - step(0.3, 1.4, Math.abs(z + 0.6 * y + 4 + 3 * coarse(x / 9, y / 14, 3)))) *
    step(34, 40, Math.abs(x)) *
    step(-36, -28, y) *
    (1 - step(16, 24, y))
  return Math.max(middle, side)
}

function ventricles(point: Point, value: number): number {
  const [x, y, z] = point
  const mirrored = Math.abs(x)
  // The lateral ones: an arch that leaves the middle towards the back and below.
  const along = step(-34, 40, y)
  const centreX = mix(6, 22, along * along) + 0.1 * Math.max(0, 18 - z)
  const centreZ = 21 + 3 * Math.sin(along * Math.PI) - 12 * step(14, 40, y)
  const width = mix(4.6, 5.6, along)
  const lateral = length((mirrored - centreX) / width, (z - centreZ) / 8, 0) + step(-28, -34, y) + step(36, 44, y)
  const third = length(x / 2, (z - 4) / 10, 0) + step(16, 22, Math.abs(y - 6))
  let result = mix(value, signal.fluid, 1 - step(0.8, 1.15, Math.min(lateral, third)))
  const plexus = reach([mirrored, y, z], { centre: [20, 30, 15], semiAxes: [2.4, 5, 4] })
  result = mix(result, signal.grey, 1 - step(0.7, 1.2, plexus))
  return result
}

function lesionSignal(point: Point, value: number): number {
  const [x, y, z] = point
  const relative = reach(point, lesion)
  if (relative > 1.3) return value
  // The texture is even about the mean, so that the half-way edge stays an ellipsoid.
  const texture = 1 + 0.16 * coarse(x / 7, y / 7, z / 7) + 0.05 * fine(x / 3, y / 3, z / 3)
  return mix(value, signal.lesion * texture, 1 - step(0.8, 1.2, relative))
}

/** Below the ventricles: the brain stem between its cisterns, the fourth ventricle, the dense bone beside the ears. */
function base(point: Point, value: number): number {
  const [x, y, z] = point
  const stem = reach(point, { centre: [0, 18, -34], semiAxes: [16, 15, 40] })
  const cistern = reach(point, { centre: [0, 2, -26], semiAxes: [19, 12, 9] })
  let result = mix(value, signal.fluid, (1 - step(0.8, 1.1, cistern)) * step(0.95, 1.05, stem))
  const around = (1 - step(1.06, 1.14, stem)) * step(0.98, 1.04, stem) * step(-22, -12, z) * (1 - step(24, 30, y))
  result = mix(result, signal.fluid, around)
  const fourth = reach(point, { centre: [0, 38, -36], semiAxes: [7, 5, 10] })
  result = mix(result, signal.fluid, 1 - step(0.8, 1.15, fourth))
  const petrous = reach([Math.abs(x), y, z], { centre: [48, 18, -44], semiAxes: [24, 8, 10] })
  return mix(result, signal.bone * 1.6, 1 - step(0.8, 1.15, petrous))
}

/** The eyes with fat around them, and the nose with its air. */
function face(point: Point, value: number): number {
  const [x, y, z] = point
  const mirrored: Point = [Math.abs(x), y, z]
  const orbit = reach(mirrored, { centre: [31, -76, -40], semiAxes: [17, 20, 15] })
  // Bone lies between the orbit and the brain.
  let result = mix(value, signal.bone, (1 - step(1.18, 1.3, orbit)) * step(-92, -84, y))
  result = mix(result, signal.fat * 0.6, 1 - step(0.9, 1.1, orbit))
  const eye = reach(mirrored, { centre: [31, -82, -40], semiAxes: [12, 12, 12] })
  result = mix(result, signal.muscle * 1.2, 1 - step(1.02, 1.14, eye))
  result = mix(result, signal.eye, 1 - step(0.88, 1, eye))
  const nose = reach(point, { centre: [0, -80, -50], semiAxes: [13, 26, 22] })
  const walls = 0.5 * signal.muscle * step(0, 0.4, fine(x / 4, y / 9, z / 9))
  return mix(result, signal.air + walls, 1 - step(0.9, 1.08, nose))
}
