import { expect, test } from 'vitest'
import { placeBeside } from '../../../../renderer/reading/draw-measurements'

const canvas = { width: 400, height: 300 }
const text = { width: 100, height: 32 }

test.each([
  { why: 'right of the line, at the height of that end', line: [[20, 50], [80, 120]], at: [90, 104] }, // prettier-ignore
  { why: 'left of it where the right side is too near', line: [[200, 50], [350, 120]], at: [90, 34] }, // prettier-ignore
  { why: 'over its end where there is room on neither side', line: [[5, 150], [395, 150]], at: [296, 134] }, // prettier-ignore
  { why: 'within the canvas above and below', line: [[20, 0], [80, 2]], at: [90, 4] }, // prettier-ignore
  { why: 'within the canvas, down', line: [[20, 299], [80, 300]], at: [90, 264] }, // prettier-ignore
] as const)('the values stand $why', ({ line, at }) => expect(placeBeside(line, text, canvas)).toEqual(at))
