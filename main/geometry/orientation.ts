/** Where the patient's sides lie on the screen. PS3.3 C.7.6.1.1.1 and C.7.6.2. */
import { planeNormal } from './image-plane'

export type PlaneName = 'axial' | 'coronal' | 'sagittal' | 'oblique'

/** How a picture is turned on the screen: first flipped, then rotated clockwise. */
export interface ViewTransform {
  readonly rotation: 0 | 90 | 180 | 270
  readonly flipHorizontal: boolean
  readonly flipVertical: boolean
}

export const uprightView: ViewTransform = { rotation: 0, flipHorizontal: false, flipVertical: false }

/** One to three letters an edge, the leading one first; empty where nothing is known. */
export interface EdgeLetters {
  readonly top: string
  readonly right: string
  readonly bottom: string
  readonly left: string
}

export const noLetters: EdgeLetters = { top: '', right: '', bottom: '', left: '' }

const letterPairs = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const

/** A direction as letters: those of the axes that count, the leading one first. PS3.3 C.7.6.1.1.1. */
export function directionLetters(direction: readonly number[]): string {
  return (
    [0, 1, 2]
      .map((axis) => ({ size: Math.abs(direction[axis]), letter: letterPairs[axis][direction[axis] > 0 ? 0 : 1] }))
      // Below sin 10° a lean is no information for a reader, only noise beside the letter.
      .filter(({ size }) => size > 0.17)
      .sort((first, second) => second.size - first.size)
      .map(({ letter }) => letter)
      .join('')
  )
}

/** The letters of the opposite direction. */
export function oppositeLetters(letters: string): string {
  const opposites: Readonly<Record<string, string>> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' }
  return [...letters].map((letter) => opposites[letter] ?? '').join('')
}

/**
 * The letters at the four edges of the screen.
 *
 * @param orientation IOP, six numbers, or null where unknown
 * @param patientOrientation (0020,0020), the letters of row and column direction, which projections have instead
 */
export function edgeLetters(
  orientation: readonly number[] | null,
  view: ViewTransform = uprightView,
  patientOrientation: readonly string[] = [],
): EdgeLetters {
  let right: string
  let bottom: string
  if (orientation && orientation.length === 6) {
    right = directionLetters(orientation.slice(0, 3))
    bottom = directionLetters(orientation.slice(3))
  } else {
    const [row = '', column = ''] = patientOrientation
    if (!isDirection(row) || !isDirection(column)) return noLetters
    right = row
    bottom = column
  }
  if (view.flipHorizontal) right = oppositeLetters(right)
  if (view.flipVertical) bottom = oppositeLetters(bottom)
  const edges = [oppositeLetters(bottom), right, bottom, oppositeLetters(right)]
  // Turned clockwise, what was at the left comes to the top.
  const turns = view.rotation / 90
  const at = (edge: number) => edges[(edge - turns + 4) % 4]
  return { top: at(0), right: at(1), bottom: at(2), left: at(3) }
}

/** One to three of the six letters, no axis twice. */
function isDirection(letters: string): boolean {
  const axes = [...letters].map((letter) => letterPairs.findIndex((pair) => (pair as readonly string[]).includes(letter)))
  return letters.length >= 1 && letters.length <= 3 && !axes.includes(-1) && new Set(axes).size === axes.length
}

/** The plane's name: by its normal where it lies within 25 degrees of an axis, else oblique; null where unknown. */
export function planeName(orientation: readonly number[] | null): PlaneName | null {
  if (!orientation || orientation.length !== 6) return null
  const normal = planeNormal(orientation).map(Math.abs)
  const axis = normal.indexOf(Math.max(...normal))
  if (!(normal[axis] >= Math.cos((25 * Math.PI) / 180))) return 'oblique'
  return (['sagittal', 'coronal', 'axial'] as const)[axis]
}
