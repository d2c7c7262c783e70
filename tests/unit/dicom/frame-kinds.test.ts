import { join } from 'node:path'
import { expect, test } from 'vitest'
import { instanceFactsSchema } from '../../../contracts/dicom-facts'
import { bytesSource, fileSource } from '../../../main/base/byte-source'
import { readDicomObject } from '../../../main/dicom/dicom-object'
import { instanceFacts } from '../../../main/dicom/header-facts'
import { buildObject, pictureElements, syntaxes, type SampleElement, type SampleForm } from '../../samples/build-object'
import { hasSharedData, sharedData } from '../../shared-data'

function facts(extra: readonly SampleElement[], frames = 1, form: SampleForm = {}) {
  const pixels: SampleElement = [0x7fe00010, 'OW', new Uint8Array(8 * frames)]
  const elements = pictureElements({ rows: 2, columns: 2, bitsAllocated: 16, frames }, pixels, extra)
  return instanceFactsSchema.parse(instanceFacts(readDicomObject(bytesSource(buildObject(elements, form)))))
}

const group = (tag: number, elements: SampleElement[]): SampleElement => [tag, 'SQ', [elements]]
const perFrame = (...frames: SampleElement[][]): SampleElement => [0x52009230, 'SQ', frames]

test('stack, dimensions, echo, b-value, component, time and heart phase of each frame', () => {
  const { frameKinds } = facts(
    [
      [0x52009229, 'SQ', [[group(0x00189114, [[0x00189082, 'FD', [30]]])]]],
      perFrame(
        [
          group(0x00209111, [
            [0x00209056, 'SH', 'A'],
            [0x00209128, 'UL', [3]],
            [0x00209157, 'UL', [1, 2, 7]],
          ]),
          group(0x00189117, [[0x00189087, 'FD', [800]]]),
          group(0x00189226, [
            [0x00089007, 'CS', 'ORIGINAL\\PRIMARY\\DIFFUSION\\NONE'],
            [0x00089208, 'CS', 'MAGNITUDE'],
          ]),
          group(0x00189118, [[0x00209153, 'FD', [40.5]]]),
        ],
        [group(0x00189114, [[0x00189082, 'FD', [60]]])],
      ),
    ],
    2,
  ).image!
  expect(frameKinds).toEqual([
    {
      stackId: 'A',
      dimensionIndex: [1, 2, 7],
      echoTimeMs: 30,
      bValue: 800,
      component: 'DIFFUSION NONE MAGNITUDE',
      temporalPosition: 3,
      triggerDelayMs: 40.5,
    },
    { stackId: '', dimensionIndex: [], echoTimeMs: 60, bValue: null, component: '', temporalPosition: null, triggerDelayMs: null },
  ])
})

test('the segment of a segmentation’s frame', () => {
  const segment = (number: number): SampleElement[] => [group(0x0062000a, [[0x0062000b, 'US', [number]]])]
  expect(facts([perFrame(segment(1), segment(2))], 2).image!.frameKinds!.map(({ component }) => component)).toEqual([
    'segment 1',
    'segment 2',
  ])
})

test('frames that do not differ are not listed, nor those of a classic object', () => {
  expect(facts([perFrame([], [])], 2).image).not.toHaveProperty('frameKinds')
  expect(facts([], 2).image).not.toHaveProperty('frameKinds')
})

test.each([
  { why: 'the standard attribute', extra: [[0x00189087, 'FD', [1000]]], bValue: 1000 },
  {
    why: 'Siemens',
    extra: [
      [0x00190011, 'LO', 'SIEMENS MR HEADER'],
      [0x0019110c, 'IS', '600'],
    ],
    bValue: 600,
  },
  {
    why: 'Philips',
    extra: [
      [0x20010010, 'LO', 'Philips Imaging DD 001'],
      [0x20011003, 'FL', [500]],
    ],
    bValue: 500,
  },
  {
    why: 'GE, marked by a thousand million',
    extra: [
      [0x00430010, 'LO', 'GEMS_PARM_01'],
      [0x00431039, 'IS', '1000000800\\8\\0\\0'],
    ],
    bValue: 800,
  },
  {
    why: 'the same element of another creator',
    extra: [
      [0x00190010, 'LO', 'SOMEBODY'],
      [0x0019100c, 'IS', '600'],
    ],
    bValue: null,
  },
  {
    why: 'no number',
    extra: [
      [0x00190010, 'LO', 'SIEMENS MR HEADER'],
      [0x0019100c, 'UN', Uint8Array.of(1, 2)],
    ],
    bValue: null,
  },
  { why: 'a negative one', extra: [[0x00189087, 'FD', [-5]]], bValue: null },
  { why: 'nothing', extra: [], bValue: null },
] as { why: string; extra: SampleElement[]; bValue: number | null }[])('b-value: $why', ({ extra, bValue }) => {
  expect(facts(extra).bValue).toBe(bValue)
})

test('b-values of private elements in implicit encoding, which have no VR', () => {
  const form = { transferSyntax: syntaxes.implicit }
  const siemens: SampleElement[] = [
    [0x00190010, 'LO', 'SIEMENS MR HEADER'],
    [0x0019100c, 'IS', '600'],
  ]
  const philips: SampleElement[] = [
    [0x20010010, 'LO', 'Philips Imaging DD 001'],
    [0x20011003, 'FL', [500]],
  ]
  expect(facts(siemens, 1, form).bValue).toBe(600)
  expect(facts(philips, 1, form).bValue).toBe(500)
})

test('a part of a concatenation with its place in the whole', () => {
  const extra: SampleElement[] = [
    [0x00209161, 'UI', '1.2.9'],
    [0x00209162, 'US', [2]],
    [0x00209163, 'US', [3]],
    [0x00209228, 'UL', [40]],
  ]
  expect(facts(extra).concatenation).toEqual({ uid: '1.2.9', part: 2, parts: 3, frameOffset: 40 })
  expect(facts([]).concatenation).toBeNull()
})

test.skipIf(!hasSharedData)('a Siemens mosaic is its slices, each with its place', () => {
  const source = fileSource(join(sharedData, 'dicom/dcm-qa/dcm_qa_nih/In/20180918Si/mr_0003/epi_pe_ap-00001.dcm'))
  try {
    const image = instanceFactsSchema.parse(instanceFacts(readDicomObject(source))).image!
    // As dcm2niix reads it: 5 slices of 72 × 72.
    expect(image).toMatchObject({ rows: 72, columns: 72, numberOfFrames: 5, mosaic: { rows: 216, columns: 216 } })
    expect(image.geometry).toHaveLength(5)
  } finally {
    source.close()
  }
})
