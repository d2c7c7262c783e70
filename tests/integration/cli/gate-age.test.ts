/** A network for children on a film of an adult, through the real command line. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasSharedData, sharedData } from '../../shared-data'
import { overreadJson } from './overread'

interface Analysed {
  results: {
    images: { probabilities: Record<string, number>; refused: { code: string } | null }[]
    overridden: boolean
    contradictions: { code: string; message: string }[]
  }[]
}

const films = join(sharedData, 'studies/cxr')
const sentence = 'This network reads pictures of patients of 1 to 5 years; this patient was 64 years old.'

/** Of a patient who was born in 1940, taken in 2004. */
const analyse = async (...options: string[]) => {
  const film = readdirSync(films).find((name) => name.startsWith('wg04'))!
  const { document } = await overreadJson<Analysed>('analyze', join(films, film), '--model', 'chest-pneumonia', ...options)
  return document.results[0]
}

test.skipIf(!hasSharedData)('is refused with both ages, and nothing is computed', async () => {
  expect(await analyse()).toMatchObject({
    overridden: false,
    contradictions: [{ code: 'gate.age', message: sentence }],
    images: [{ probabilities: {}, refused: { code: 'gate.age' } }],
  })
})

test.skipIf(!hasSharedData)('runs on the word of the reader, and the result says so', async () => {
  const result = await analyse('--override')
  expect(result).toMatchObject({ overridden: true, contradictions: [{ code: 'gate.age', message: sentence }], images: [{ refused: null }] })
  expect(result.images[0].probabilities.pneumonia).toBeGreaterThan(0)
})
