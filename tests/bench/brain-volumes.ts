/**
 * The eight brainchop packages over both T1 series of the shared data: what each outlines, ml, beside what healthy adults have.
 * The figures of their cards.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AnalysisResult } from '../../contracts/analysis'
import { overreadJson } from '../integration/cli/overread'
import { hasSharedData, sharedData } from '../shared-data'

type Outlined = Pick<AnalysisResult, 'structures' | 'unlabelled' | 'incomplete'>
type Range = readonly [number, number]

const archive = mkdtempSync(join(tmpdir(), 'overread-volumes-'))
afterAll(() => rmSync(archive, { recursive: true, force: true }))

const whole: Range = [900, 1700]
const white: Range = [350, 700]
const grey: Range = [500, 900]
/** Without the grey matter beneath it. */
const cortical: Range = [400, 850]
const hippocampi: Range = [5, 11]

const cerebralWhite = (label: string) => /(^|-)cerebral-white-matter$/.test(label)
const hippocampus = (label: string) => /(^|-)hippocampus$/.test(label)
const everything = () => true
/** Of the regions, those of the cortex, the cerebellum's with them where it has one. */
const cortex = (label: string) => /cortex|^cerebellum$/.test(label)

const tissue = [
  ['white matter', (label: string) => label === 'white-matter', white],
  ['grey matter', (label: string) => label === 'grey-matter', grey],
] as const
const regions = [
  ['cerebral white matter', cerebralWhite, white],
  ['cortex', cortex, cortical],
  ['hippocampi', hippocampus, hippocampi],
] as const
const expected = {
  'brainchop-tissue-light': tissue,
  'brainchop-tissue': tissue,
  'brainchop-mask': [['brain', everything, whole]],
  'brainchop-subcortical': regions,
  'brainchop-subcortical-light': regions,
  'brainchop-aparc-50': regions,
  'brainchop-aparc-104': regions,
  // With what lies directly around it.
  'brainchop-mindgrab': [['brain and surroundings', everything, [1200, 2200]]],
} as const

describe.skipIf(!hasSharedData).each(Object.keys(expected) as (keyof typeof expected)[])('%s', (model) => {
  test.each(['t1_head_conformed_derived', 't1_head_mr'])('of %s', { timeout: 1_200_000 }, async (study) => {
    const { code, document } = await overreadJson<{ results: Outlined[] }>(
      ...['analyze', join(sharedData, 'studies', study), '--model', model, '--archive', archive, '--provider', 'cpu'],
    )
    expect(code).toBe(0)
    const [{ structures, unlabelled, incomplete }] = document.results
    expect(incomplete).toBeNull()
    const figures = expected[model].map(([what, belongs, [least, most]]) => {
      const ml = structures.reduce((sum, { label, volumeMl }) => sum + (belongs(label) ? volumeMl : 0), 0)
      expect.soft(ml, what).toBeGreaterThanOrEqual(least)
      expect.soft(ml, what).toBeLessThanOrEqual(most)
      return `${what} ${ml.toFixed(1)} ml`
    })
    const missed = unlabelled ? `, ${(unlabelled.share * 100).toFixed(0)} % of the outline without a label` : ''
    console.log(`${model}, ${study}: ${figures.join(', ')}${missed}`)
  })
})
