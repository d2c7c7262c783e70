/** Grey levels brought to where a network knows them, by the medians of outlined tissues. */
import { describe, expect, test } from 'vitest'
import { matchingTable, medianLevels } from '../../../../main/inference/volume/match-levels'

describe('medians under labels', () => {
  test.each([
    { values: [10, 20, 30, 200, 210], labels: [1, 1, 1, 2, 2], numbers: [1, 2], medians: [20, 200] },
    { values: [10, 20, 30, 40], labels: [1, 1, 1, 1], numbers: [1], medians: [20] },
    { values: [0, 255], labels: [1, 2], numbers: [2, 1], medians: [255, 0] },
    // The background, and labels nobody asks for, do not count.
    { values: [90, 90, 90, 7, 8], labels: [0, 0, 0, 1, 3], numbers: [1], medians: [7] },
    { values: [5], labels: [0], numbers: [1], medians: [null] },
  ])('$medians of $values under $labels', ({ values, labels, numbers, medians }) =>
    expect(medianLevels(Uint8Array.from(values), Uint8Array.from(labels), numbers)).toEqual(medians),
  )
})

describe('what each level becomes', () => {
  test('what lies where it should stays', () =>
    expect(matchingTable([130, 168], [130, 168])).toEqual(Uint8Array.from({ length: 256 }, (_, level) => level)))

  test('landmarks go to their place, the ends stay, and it is linear between and never falls', () => {
    const table = matchingTable([100, 200], [130, 168])!
    expect([0, 50, 100, 150, 200, 255].map((level) => table[level])).toEqual([0, 65, 130, 149, 168, 255])
    // Half of what lies from 200 to 255, and from 168 to 255.
    expect(table[228]).toBe(Math.round(168 + (28 / 55) * 87))
    expect(table.every((value, level) => level === 0 || value >= table[level - 1])).toBe(true)
  })

  test.each([
    ['tissues the other way round', [200, 100]],
    ['tissues that do not differ', [100, 100]],
    ['one that was not found', [null, 100]],
    ['one at the lower end', [0, 100]],
    ['one at the upper end', [100, 255]],
  ])('nothing can be matched by %s', (_, found) => expect(matchingTable(found, [130, 168])).toBeNull())
})
