/** Of patients of another age a network says nothing. */
import { describe, expect, test } from 'vitest'
import { checkAge } from '../../../main/networks/gate-age'
import { identityPackage } from '../../integration/inference/tiny-packages'
import { chestFacts, factsWith } from './facts'

const network = (ageYears?: [number, number]) => ({ ...identityPackage(8), accepts: { modality: ['DX'], ...(ageYears && { ageYears }) } })
const patientOf = (patientAge: string, birthDate = '', date = '') =>
  factsWith({ patient: { ...chestFacts.patient, birthDate }, study: { ...chestFacts.study, date, patientAge } })
const verdictOf = (facts: ReturnType<typeof patientOf>) => checkAge(network([1, 5]), facts).verdict
const unknown = { verdict: 'unknown', what: 'age of the patient' }

describe('a network for children of one to five years', () => {
  test.each(['001Y', '1Y', '005Y', '012M', '018M', '071M', '200W', '400D', ' 003y '])('reads of %s', (age) =>
    expect(verdictOf(patientOf(age))).toBe('accepts'),
  )
  test.each(['000Y', '006Y', '064Y', '011M', '072M', '040W', '364D', '110Y'])('refuses %s', (age) =>
    expect(verdictOf(patientOf(age))).toBe('contradicts'),
  )
  test.each([
    { birth: '20200302', date: '20210302', verdict: 'accepts' },
    { birth: '20200302', date: '20210301', verdict: 'contradicts' },
    { birth: '20150302', date: '20210301', verdict: 'accepts' },
    { birth: '20150302', date: '20210302', verdict: 'contradicts' },
    { birth: '20200229', date: '20210228', verdict: 'contradicts' },
    { birth: '2018.03.02', date: '20210302', verdict: 'accepts' },
  ])('by birth on $birth and a study on $date: $verdict', ({ birth, date, verdict }) =>
    expect(verdictOf(patientOf('', birth, date))).toBe(verdict),
  )

  test.each([
    ['', '', ''],
    ['', '20200302', ''],
    ['', '', '20210302'],
    ['abc', '', ''],
    ['64', '', ''],
    ['999Y', '', ''],
    ['', '19000101', '20210302'],
    ['', '20221301', '20230302'],
    ['', '20200231', '20230302'],
    ['', '20300101', '20230302'],
    // What they say differs, so neither is taken.
    ['003Y', '19570302', '20210302'],
    ['064Y', '20180302', '20210302'],
  ])('does not know: age %j, born %j, study %j', (age, birth, date) =>
    expect(checkAge(network([1, 5]), patientOf(age, birth, date))).toEqual(unknown),
  )

  test('an age and a birth date that differ by less than matters agree', () =>
    expect(verdictOf(patientOf('003Y', '20180302', '20220302'))).toBe('accepts'))
})

test.each([
  [[1, 5], '064Y', 'This network reads pictures of patients of 1 to 5 years; this patient was 64 years old.'],
  [[1, 5], '003M', 'This network reads pictures of patients of 1 to 5 years; this patient was under one year.'],
  [[18, 120], '001Y', 'This network reads pictures of patients of 18 years or more; this patient was one year old.'],
  [[0, 2], '040Y', 'This network reads pictures of patients of up to 2 years; this patient was 40 years old.'],
] as const)('%j refuses %s in a sentence', ([low, high], age, sentence) =>
  expect(checkAge(network([low, high]), patientOf(age))).toEqual({ verdict: 'contradicts', sentence }),
)

test('a network that states no age reads of any', () => expect(checkAge(network(), patientOf('064Y'))).toEqual({ verdict: 'accepts' }))
