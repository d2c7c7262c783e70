import { describe, expect, test } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import { checkHeader, combineAnswers } from '../../../main/networks/gate'
import { suggestPackages } from '../../../main/networks/suggest'
import { identityPackage } from '../../integration/inference/tiny-packages'
import { volumePackage } from '../../integration/inference/volume-packages'
import { chestFacts, factsWith } from './facts'

const accepting = (accepts: PictureModel['accepts'], changes: Partial<PictureModel> = {}) => ({
  ...identityPackage(8),
  ...changes,
  accepts,
})
const chest = accepting({
  modality: ['CR', 'DX'],
  bodyPart: ['CHEST'],
  viewPosition: ['AP', 'PA'],
  photometricInterpretation: ['MONOCHROME1', 'MONOCHROME2'],
  pixelSpacingMm: [0.1, 1],
  minimumSidePx: 128,
})
const head = accepting({
  modality: ['MR'],
  bodyPart: ['HEAD', 'BRAIN'],
  plane: 'axial',
  sequence: {
    name: 'FLAIR',
    words: ['flair', 'dark-fluid'],
    contradictedBy: ['t1', 'mprage', 'dwi'],
    echoTimeMs: [60, 600],
    inversionTimeMs: [1500, 3200],
  },
})
const mr = (changes: Parameters<typeof factsWith>[0]) =>
  factsWith({ ...changes, series: { modality: 'MR', bodyPart: 'HEAD', description: 'ax T2 FLAIR', ...changes.series } })

describe('a chest network', () => {
  test.each([
    { why: 'a frontal chest picture', facts: chestFacts },
    { why: 'digital radiography under an older name', facts: factsWith({ series: { modality: 'RG' } }) },
    { why: 'another word for the chest, any case', facts: factsWith({ series: { bodyPart: 'Thorax ap' } }) },
    { why: 'a frontal view by its family', facts: factsWith({ viewPosition: 'LLD' }) },
    { why: 'a frontal view by its orientation', facts: factsWith({ viewPosition: '', patientOrientation: ['L', 'F'] }) },
  ])('accepts $why', ({ facts }) =>
    expect(checkHeader(chest, facts, null)).toEqual({ verdict: 'accepts', contradictions: [], unchecked: [] }),
  )

  test.each([
    { facts: factsWith({ series: { modality: 'OT' } }), unchecked: ['modality'] },
    { facts: factsWith({ series: { modality: '' } }), unchecked: ['modality'] },
    { facts: factsWith({ series: { bodyPart: '' } }), unchecked: ['body part'] },
    { facts: factsWith({ series: { bodyPart: 'XYZ17' } }), unchecked: ['body part'] },
    { facts: factsWith({ viewPosition: '' }), unchecked: ['view'] },
    {
      facts: factsWith({ image: { geometry: [{ ...chestFacts.image!.geometry[0], spacingOrigin: 'detector' }] } }),
      unchecked: ['pixel spacing'],
    },
  ])('does not know: $unchecked', ({ facts, unchecked }) =>
    expect(checkHeader(chest, facts, null)).toEqual({ verdict: 'unknown', contradictions: [], unchecked }),
  )

  test.each([
    {
      facts: factsWith({ viewPosition: 'LL' }),
      code: 'gate.view',
      sentence: 'This network reads frontal pictures; this one is labelled lateral (LL).',
    },
    {
      facts: factsWith({ viewPosition: '', patientOrientation: ['A', 'F'] }),
      code: 'gate.view',
      sentence: 'This network reads frontal pictures; this one is lateral by its orientation (A\\F).',
    },
    {
      facts: factsWith({ viewPosition: '', series: { description: 'Chest LAT' } }),
      code: 'gate.view',
      sentence: 'This network reads frontal pictures; this one is described as lateral (Chest LAT).',
    },
    {
      facts: factsWith({ series: { modality: 'MR' } }),
      code: 'gate.modality',
      sentence: 'This network reads X-ray pictures; this one is MR (MR).',
    },
    {
      facts: factsWith({ series: { bodyPart: 'KNEE' } }),
      code: 'gate.body-part',
      sentence: 'This network reads pictures of the chest; this one is labelled KNEE.',
    },
    {
      facts: factsWith({ presentationIntentType: 'FOR PROCESSING' }),
      code: 'gate.presentation',
      sentence: 'This picture is raw detector data (for processing); networks read the processed picture (for presentation).',
    },
    {
      facts: factsWith({ image: { photometricInterpretation: 'RGB', samplesPerPixel: 3 } }),
      code: 'gate.photometric',
      sentence: 'This network reads grey pictures; this one is in colour (RGB).',
    },
    {
      facts: factsWith({ image: { rows: 100 } }),
      code: 'gate.size',
      sentence: 'This network needs at least 128 pixels a side; this picture has 800 × 100.',
    },
    {
      facts: factsWith({ image: { geometry: [{ ...chestFacts.image!.geometry[0], pixelSpacing: [0.2, 2] }] } }),
      code: 'gate.spacing',
      sentence: 'This network was made for pixels of 0.1 to 1 mm; these measure 2 mm.',
    },
  ])('refuses: $sentence', ({ facts, code, sentence }) =>
    expect(checkHeader(chest, facts, null).contradictions).toEqual([{ code, message: sentence }]),
  )

  test('takes a decubitus picture, whose description says lateral, for frontal', () =>
    expect(checkHeader(chest, factsWith({ viewPosition: '', series: { description: 'left lateral decubitus' } }), null).verdict).toBe(
      'unknown',
    ))
})

describe('a head network', () => {
  test('accepts a FLAIR by its words', () => expect(checkHeader(head, mr({}), 'axial').verdict).toBe('accepts'))

  test('accepts a FLAIR by its times', () =>
    expect(checkHeader(head, mr({ series: { description: 'series 4' }, echoTimeMs: 120, inversionTimeMs: 2500 }), 'axial').verdict).toBe(
      'accepts',
    ))

  test.each([
    { why: 'neither words nor times', facts: mr({ series: { description: '' } }), plane: 'axial', unchecked: ['sequence'] },
    { why: 'an oblique slice', facts: mr({}), plane: 'oblique', unchecked: ['slice orientation'] },
    { why: 'an unknown plane', facts: mr({}), plane: null, unchecked: ['slice orientation'] },
  ])('does not know: $why', ({ facts, plane, unchecked }) =>
    expect(checkHeader(head, facts, plane)).toEqual({ verdict: 'unknown', contradictions: [], unchecked }),
  )

  test.each([
    {
      facts: mr({ series: { description: 't1_mprage_sag' } }),
      plane: 'axial',
      sentence: 'This network reads FLAIR series; this one is described as "t1_mprage_sag".',
    },
    {
      facts: mr({ echoTimeMs: 12 }),
      plane: 'axial',
      sentence: 'This network reads FLAIR series; the echo time of 12 ms lies outside 60 to 600 ms.',
    },
    { facts: mr({}), plane: 'sagittal', sentence: 'This network reads axial slices; these are sagittal.' },
  ])('refuses: $sentence', ({ facts, plane, sentence }) =>
    expect(checkHeader(head, facts, plane).contradictions.map(({ message }) => message)).toEqual([sentence]),
  )

  test.each(['flair at100', 'FLAIR st10 update', 'flair dwindling'])('hears no other sequence in "%s"', (description) =>
    expect(checkHeader(head, mr({ series: { description } }), 'axial').verdict).toBe('accepts'),
  )
})

test('a series runs while one of its pictures fits', () => {
  const [good, bad] = [checkHeader(chest, chestFacts, null), checkHeader(chest, factsWith({ viewPosition: 'LL' }), null)]
  expect(combineAnswers([good, bad])).toEqual({ verdict: 'accepts', contradictions: bad.contradictions, unchecked: [] })
  expect(combineAnswers([bad, bad])).toEqual({ verdict: 'contradicts', contradictions: bad.contradictions, unchecked: [] })
})

test('suggests what accepts first, then what is unknown, then what contradicts', () => {
  const vague = { ...accepting({ modality: ['CR'], sequence: { name: 'x', words: [], contradictedBy: [] } }), id: 'vague' }
  const named = [{ ...head, id: 'head' }, vague, { ...chest, id: 'outline' }, { ...chest, id: 'score', task: 'classification' as const }]
  expect(suggestPackages(named, chestFacts, null, false).map((match) => match.package.id)).toEqual(['score', 'outline', 'vague', 'head'])
})

test('what outlines volumes comes after what reads pictures, and contradicts where slices form none', () => {
  const vague = { ...accepting({ modality: ['CR'], sequence: { name: 'x', words: [], contradictedBy: [] } }), id: 'vague' }
  const volume = volumePackage({ id: 'volume', accepts: { modality: ['CR'] } })
  const named = [volume, { ...head, id: 'head' }, vague]
  const order = (isVolume: boolean) => suggestPackages(named, chestFacts, null, isVolume).map((match) => match.package.id)
  expect(order(true)).toEqual(['vague', 'volume', 'head'])
  expect(suggestPackages([volume], chestFacts, null, true)[0].gate.verdict).toBe('accepts')
  expect(suggestPackages([volume], chestFacts, null, false)[0].gate).toMatchObject({
    verdict: 'contradicts',
    contradictions: [{ code: 'gate.volume' }],
  })
})
