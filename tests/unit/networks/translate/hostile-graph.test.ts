/** Graph models that lie: each value of a sound one replaced by what it must not be. */
import { expect, test } from 'vitest'
import { OverreadError } from '../../../../contracts/errors'
import { translateTfjs } from '../../../../main/networks/translate/translate-tfjs'
import { lies, modelOf, numbers, places, replaced, topology, type Json } from '../../../samples/lying-graph'

function translate(...of: Parameters<typeof modelOf>) {
  return translateTfjs(modelOf(...of), { normaliseAfter: null, openSides: false })
}

/** Untouched, named as not translated, or refused; never a fault of ours. */
function outcome(work: () => { untranslatable: readonly string[] | null }): string {
  try {
    return work().untranslatable === null ? 'translated' : 'named'
  } catch (error) {
    if (error instanceof OverreadError) return error.code
    throw error
  }
}

test('the sound one is translated', () => expect(translate(topology()).untranslatable).toBeNull())

test('whatever a value of the graph is, the graph is translated, named or refused', () => {
  const sound = topology()
  const outcomes = new Set<string>()
  for (const way of places(sound)) for (const lie of lies) outcomes.add(outcome(() => translate(replaced(sound, way, lie))))
  expect([...outcomes].sort()).toEqual(['model.schema', 'named', 'translated'])
})

test('whatever the numbers of shapes, margins and axes are, likewise', () => {
  const outcomes = new Set<string>()
  for (const [index, { values, dtype }] of numbers.entries()) {
    if (dtype !== 'int32') continue
    for (let place = 0; place < values.length; place++)
      for (const lie of [-2_147_483_648, -2, -1, 0, 1, 2, 7, 65_537, 2_147_483_647]) {
        const known = numbers.with(index, { ...numbers[index], values: values.with(place, lie) })
        outcomes.add(outcome(() => translate(topology(), known)))
      }
  }
  expect([...outcomes].sort()).toEqual(['named', 'translated'])
})

test('a tensor joined to itself a thousand times is refused', () => {
  const joined = Array.from({ length: 1100 }, (_, index) => {
    const before = index === 0 ? 'x' : `j${index - 1}`
    return { name: `j${index}`, op: 'ConcatV2', input: [before, before, 'axis'] }
  })
  const { node } = topology() as { node: Json[] }
  const needed = node.filter((one) => ['x', 'axis'].includes((one as { name: string }).name))
  expect(() => translate({ node: [...needed, ...joined] })).toThrow(expect.objectContaining({ code: 'model.schema' }) as Error)
})
