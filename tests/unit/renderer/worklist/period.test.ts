import { expect, test } from 'vitest'
import { periodStart } from '../../../../renderer/worklist/worklist-state.svelte'

// The third of March: a week before lies in February.
const now = new Date(2026, 2, 3, 15, 30)

test.each([
  ['any', null],
  ['today', '20260303'],
  ['week', '20260224'],
  ['year', '20250302'],
] as const)('%s begins on %s', (period, day) => expect(periodStart(period, now)).toBe(day))
