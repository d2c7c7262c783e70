import { expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { inconsistencyOf } from '../../../main/networks/consistency'
import { identityPackage } from '../../integration/inference/tiny-packages'
import { volumePackage } from '../../integration/inference/volume-packages'

const plain = identityPackage(8)
const [output] = plain.outputs
const [resize, scale] = plain.preprocess.steps
const steps = (...list: PictureModel['preprocess']['steps']) => ({ preprocess: { ...plain.preprocess, steps: list } })
const distance = { output: 'distance', of: 'picture', threshold: 9, measuredOn: 'nothing' } as const
const foregroundScale = { ...scale, low: { percentile: 1, of: 'foreground' } } as typeof scale

const boxes: NonNullable<typeof output.boxes> = {
  arrangement: 'box-by-box',
  coordinates: 'left-top-right-bottom',
  unit: 'pixels',
  scores: 'after-coordinates',
  mostOverlap: 0.5,
  leastScore: 0.1,
  mostBoxes: 10,
}
const apart = { ...boxes, scores: { output: 'scores', classes: null } }
const detector: Partial<PictureModel> = { task: 'detection', outputs: [{ ...output, kind: 'boxes', boxes }] }
const colour: Partial<PictureModel> = { input: { ...plain.input, shape: [1, 3, 8, 8], channels: [{ mean: 0, deviation: 1 }] } }

test('finds nothing in a package that fits', () => expect(inconsistencyOf(plain)).toBeNull())

test.each<{ what: string; changes: Partial<PictureModel>; expected: RegExp }>([
  { what: 'an image of two channels', changes: { input: { ...plain.input, shape: [1, 2, 8, 8] } }, expected: /one channel/ },
  { what: 'one mean for three channels', changes: colour, expected: /1 channels are described, not 3/ },
  {
    what: 'boxes without a word on them',
    changes: { ...detector, outputs: [{ ...output, kind: 'boxes' }] },
    expected: /boxes are described/,
  },
  { what: 'a map with a word on boxes', changes: { outputs: [{ ...output, boxes }] }, expected: /boxes are described/ },
  { what: 'boxes of mirrored pictures', changes: { ...detector, testTimeFlips: ['columns'] }, expected: /cannot be averaged/ },
  {
    what: 'boxes whose scores stand elsewhere',
    changes: { ...detector, outputs: [{ ...output, kind: 'boxes', boxes: apart }] },
    expected: /lacks the output scores/,
  },
  { what: 'an ONNX network with weights beside', changes: { weightFiles: ['more.bin'] }, expected: /in its file/ },
  { what: 'a stack of two', changes: { input: { ...plain.input, kind: 'stack', shape: [1, 2, 8, 8] } }, expected: /odd number/ },
  { what: 'no step that gives the size', changes: steps(scale), expected: /do not end at 8 × 8/ },
  { what: 'a crop after the resize', changes: steps(resize, { op: 'crop-valid' }), expected: /belongs before/ },
  { what: 'foreground without a rule', changes: steps(resize, foregroundScale), expected: /no rule/ },
  { what: 'a clip upside down', changes: steps(resize, { op: 'clip', min: 1, max: 0 }), expected: /min exceeds max/ },
  { what: 'a classification without probabilities', changes: { task: 'classification' }, expected: /probabilities/ },
  { what: 'one label twice', changes: { outputs: [output, { ...output, name: 'again' }] }, expected: /stands twice/ },
  { what: 'a calibration without logits', changes: { calibration: { temperature: 2, measuredOn: '' } }, expected: /divides logits/ },
  { what: 'a golden case without an output', changes: { golden: { ...plain.golden, outputs: {} } }, expected: /lacks the output map/ },
  { what: 'a distance without a golden case', changes: { distribution: distance }, expected: /lacks the output distance/ },
  { what: 'a distance that is an output', changes: { distribution: { ...distance, output: 'map' } }, expected: /both an output/ },
  { what: 'a distance of a series of pictures', changes: { distribution: { ...distance, of: 'series' } }, expected: /needs a stack/ },
  { what: 'a variant out of sight', changes: { testTimeVariants: [{ shift: [8, 0], gain: 1, offset: 0 }] }, expected: /out of sight/ },
  {
    what: 'an input check that asks another',
    changes: {
      task: 'input-check',
      outputs: [{ ...output, kind: 'probabilities' }],
      accepts: { modality: ['MR'], pixels: { model: 'other', label: 'yes' } },
    },
    expected: /asks no other/,
  },
  {
    what: 'an operating point of a stranger',
    changes: { operatingPoints: [{ ...plain.operatingPoints[0], label: 'ghost' }] },
    expected: /ghost/,
  },
])('names $what', ({ changes, expected }) => expect(inconsistencyOf({ ...plain, ...changes })).toMatch(expected))

const { preprocess } = volumePackage()
const crop = { to: { model: 'other' }, marginVoxels: 0 }
const rising = [
  { label: 'grey-matter', level: 130 },
  { label: 'white-matter', level: 168 },
]
test.each([
  { what: 'landmarks of another network', changes: { crop, landmarks: rising }, expected: null },
  { what: 'landmarks without one', changes: { landmarks: rising }, expected: /none does/ },
  { what: 'landmarks of values as they are', changes: { crop, landmarks: rising, conform: { ...preprocess.conform, levels: 'as-they-are' as const } }, expected: /eight bits/ }, // prettier-ignore
  { what: 'landmarks that fall', changes: { crop, landmarks: rising.toReversed() }, expected: /rise/ },
])('of a network of volumes: $what', ({ changes, expected }) => {
  const found = inconsistencyOf(volumePackage({ preprocess: { ...preprocess, ...changes } }))
  if (expected) expect(found).toMatch(expected)
  else expect(found).toBeNull()
})
