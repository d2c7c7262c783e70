import { describe, expect, test } from 'vitest'
import { classificationFigures } from '../../../main/evaluation/classification'
import { notice, type Evaluation } from '../../../main/evaluation/evaluation'
import { countPixels, levelEdges } from '../../../main/evaluation/pixel-levels'
import { markup } from '../../../main/evaluation/report/markup'
import { reportPage } from '../../../main/evaluation/report/page'
import { segmentationFigures } from '../../../main/evaluation/segmentation'

const hostile = `<script>alert("1")</script><img src=x onerror='x'>&amp;\u202e`
const resampling = { seed: 1, rounds: 50 }
const points = [{ name: hostile, threshold: 0.5, inForce: true, siteSetting: false, sensitivity: 0.9, specificity: null }]

function evaluationOf(text: string): Evaluation {
  const cases = [0.9, 0.7, 0.2, 0.1].map((score, index) => ({ score, positive: index < 2, cluster: index }))
  const edges = levelEdges([0.5])
  const overlap = { truth: 4, found: 4, shared: 2 }
  return {
    schemaVersion: 1,
    notice,
    model: { id: text, version: text, sha256: text, title: text, task: 'classification' },
    signature: { state: 'trusted', signer: text, publicKey: null },
    provider: text,
    createdAt: '2026-01-01T00:00:00.000Z',
    data: {
      files: 4,
      dicom: 4,
      png: 0,
      pictures: 4,
      analysed: 4,
      patients: 4,
      patientsBy: { table: 4, header: 0, series: 0 },
      sha256: 'f'.repeat(64),
    },
    settings: {
      override: true,
      missingMask: 'unlabelled',
      thresholds: [],
      prevalence: 0.25,
      assumedSpacing: [1, 2, 3],
      seed: 1,
      resamples: 50,
    },
    leftOut: [{ reason: 'gate.modality', unit: 'picture', sentence: text, count: 2 }],
    overridden: 3,
    screening: { pixelCheck: { asked: 4, withheld: 1 }, distance: { asked: 4, beyond: 3, withheld: 2 } },
    unchecked: [{ what: text, pictures: 4 }],
    cautions: [text],
    classification: [classificationFigures({ label: text, title: text, points, cases, notKnown: 1 }, { prevalence: 0.25, resampling })],
    segmentation: [
      segmentationFigures(
        {
          label: text,
          title: text,
          points,
          edges,
          notLabelled: 1,
          volumesAssumed: true,
          pixels: new Map([[0, countPixels(Uint8Array.of(1, 0), Float32Array.of(0.9, 0.1), edges)]]),
          pictures: [
            { cluster: 0, overlap, distance: { kind: 'value', value: 2 }, distanceUnit: 'mm', hasFinding: true, pixelMl: 1 },
            {
              cluster: 0,
              overlap: { truth: 0, found: 3, shared: 0 },
              distance: { kind: 'truth-empty' },
              distanceUnit: 'mm',
              hasFinding: true,
              pixelMl: 1,
            },
          ],
        },
        resampling,
      ),
    ],
  }
}

test('a template escapes every text, within attributes too, and takes markup as it is', () => {
  const page = markup`<p title="${`"'<&`}">${1.5}${'a\u0000b'}${markup`<b>${'<'}</b>`}${[markup`<i/>`, markup`<u/>`]}</p>`
  expect(page.text).toBe('<p title="&quot;&#39;&lt;&amp;">1.5a\uFFFDb<b>&lt;</b><i/><u/></p>')
})

describe('a report', () => {
  const page = reportPage(evaluationOf(hostile))
  const parsed = [...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name.toLowerCase())

  test('holds no element but its own, whatever its texts are', () => {
    expect(parsed).not.toContain('script')
    expect(parsed).not.toContain('img')
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
    expect(page).not.toContain('\u202e')
  })

  test('needs nothing else: no resource, no address, no handler', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/https?:|url\(|@import|<link|<iframe|<object|<[^>]*\s(src|href|on[a-z]+)=/i)
  })

  test('has numbers in every place of its drawings', () => {
    const drawings = page.match(/<svg[\s\S]*?<\/svg>/g)!
    expect(drawings).toHaveLength(5)
    for (const drawing of drawings) expect(drawing).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('says what it is of, what was left out, what was assumed, and that it is no medical device', () => {
    for (const text of [
      notice,
      'hold for this data alone',
      'gate.modality',
      '1 x 2 x 3 mm',
      'Where 0.25 of all cases',
      'Run against the network',
      'Caution.',
      'signed by &lt;script&gt;',
    ])
      expect(page).toContain(text.replaceAll("'", '&#39;'))
  })

  test('draws the curve through its own points', () => {
    // The unit square is 280 wide, its corner at 52, 12; these scores part the classes wholly.
    expect(page).toContain('class="curve" d="M52 292L52 152L52 12L192 12L332 12"')
  })
})
