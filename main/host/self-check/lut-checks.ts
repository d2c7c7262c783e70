/** The grey and colour pipeline gives the values that the standard's formulas give; worked out by hand, not by this program. */
import { OverreadError } from '../../../contracts/errors'
import { rgbFromPalette } from '../../pixels/lut/colour'
import { modalityValue } from '../../pixels/lut/modality'
import { displayGrey } from '../../pixels/lut/presentation'
import { windowFunction, type Window } from '../../pixels/lut/voi'
import { checkRow, passed, type Check } from './check-row'

export interface LutCase {
  readonly name: string
  readonly given: () => readonly number[]
  readonly expected: readonly number[]
}

const window = (center: number, width: number, voiLutFunction: Window['voiLutFunction'] = 'LINEAR'): Window => ({
  center,
  width,
  voiLutFunction,
  explanation: '',
})
const shown = (voi: Window, values: readonly number[], inverted = false) => [
  ...displayGrey(Int16Array.from(values), { kind: 'window', window: voi }, [-32768, 32767], inverted, null),
]

export const lutCases: readonly LutCase[] = [
  {
    name: 'Window LINEAR, centre 0, width 100 (PS3.3 C.11.2.1.2.1)',
    // At 0: (0.5 / 99 + 0.5) × 255 = 128.79; at -25: (-24.5 / 99 + 0.5) × 255 = 64.39.
    given: () => shown(window(0, 100), [-51, -50, -25, 0, 49, 50]),
    expected: [0, 0, 64, 129, 255, 255],
  },
  {
    name: 'Window LINEAR, centre 2048, width 1 (PS3.3 C.11.2.1.2.1)',
    given: () => shown(window(2048, 1), [2047, 2048]),
    expected: [0, 255],
  },
  {
    name: 'Window LINEAR_EXACT, centre 0, width 100 (PS3.3 C.11.2.1.3.2)',
    // At -25 a quarter of the range: 63.75.
    given: () => shown(window(0, 100, 'LINEAR_EXACT'), [-51, -50, -25, 50, 51]),
    expected: [0, 0, 64, 255, 255],
  },
  {
    name: 'Window SIGMOID, centre 0, width 100 (PS3.3 C.11.2.1.3.1)',
    // 1 / (1 + e^-4x/100) at 0, and at 25 with e^-1 = 0.36787944.
    given: () => [0, 25].map((value) => Math.round(windowFunction(window(0, 100, 'SIGMOID'))(value) * 1e6) / 1e6),
    expected: [0.5, 0.731059],
  },
  {
    name: 'Rescale, slope 2, intercept -1024 (PS3.3 C.11.1)',
    given: () => [0, 512, 4095].map((value) => modalityValue({ kind: 'rescale', rescale: { slope: 2, intercept: -1024 } }, value)),
    expected: [-1024, 0, 7166],
  },
  {
    name: 'Modality LUT, beyond its ends the outermost (PS3.3 C.11.1.1)',
    given: () =>
      [-3, 10, 11, 99].map((value) =>
        modalityValue({ kind: 'table', table: { first: 10, values: Uint16Array.from([7, 300, 65535]) } }, value),
      ),
    expected: [7, 7, 300, 65535],
  },
  {
    name: 'MONOCHROME1 (PS3.3 C.7.6.3.1.2)',
    given: () => shown(window(0, 100), [-50, 0, 49], true),
    expected: [255, 126, 0],
  },
  {
    name: 'PALETTE COLOR (PS3.3 C.7.6.3.1.5)',
    given: () => [
      ...rgbFromPalette(Uint8Array.from([0, 5, 6, 9]), {
        first: 5,
        red: Uint8Array.from([1, 2]),
        green: Uint8Array.from([3, 4]),
        blue: Uint8Array.from([5, 6]),
      }),
    ],
    expected: [1, 3, 5, 1, 3, 5, 2, 4, 6, 2, 4, 6],
  },
]

export function lutChecks(cases: readonly LutCase[] = lutCases): Check[] {
  return cases.map(
    ({ name, given, expected }) =>
      () =>
        checkRow({ kind: 'lut', name, provider: null }, () => {
          const values = given()
          const wrong = expected.findIndex((value, index) => values[index] !== value)
          if (wrong >= 0 || values.length !== expected.length)
            throw new OverreadError('self-check.values', `${values.join(', ')} where the standard gives ${expected.join(', ')}`)
          return passed('The values are those of the standard’s formula')
        }),
  )
}
