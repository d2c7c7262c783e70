/** The gate's check of how old the patient was. */
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { ageWords, greatestAge, type ModelPackage } from '../../contracts/model-package'
import { contradicts, fits, notStated, type Check } from './gate-check'

const inYears: Record<string, number> = { Y: 1, M: 12, W: 365.25 / 7, D: 365.25 }

/**
 * Patient's Age (0010,1010), and the age of the birth date on the day of the study. Where both are stated they must say the
 * same of the network.
 */
export function checkAge({ accepts }: ModelPackage, { patient, study }: InstanceFacts): Check {
  if (!accepts.ageYears) return fits
  const [low, high] = accepts.ageYears
  const ages = [statedAge(study.patientAge ?? ''), ageOn(patient.birthDate, study.date)].filter((age) => age !== null)
  const within = ages.map((age) => age >= low && age <= high)
  if (ages.length === 0 || new Set(within).size > 1) return notStated('age of the patient')
  if (within[0]) return fits
  return contradicts(`This network reads pictures of patients ${ageWords(accepts.ageYears)}; this patient was ${yearsOld(ages[0])}.`)
}

/** Completed years of an age string such as 064Y or 018M (PS3.5 6.2). */
function statedAge(text: string): number | null {
  const [, digits, unit] = /^(\d{1,3})([YMWD])$/.exec(text.trim().toUpperCase()) ?? []
  return unit === undefined ? null : plausible(Math.floor(Number(digits) / inYears[unit]))
}

/** Completed years; both YYYYMMDD. */
function ageOn(birthDate: string, studyDate: string): number | null {
  const [born, day] = [dateNumber(birthDate), dateNumber(studyDate)]
  return born === null || day === null ? null : plausible(Math.floor((day - born) / 10_000))
}

/** A date as a number that sorts as it does; null where it is none. */
function dateNumber(text: string): number | null {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text.trim()) ?? []
  if (year === undefined) return null
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists ? Number(`${year}${month}${day}`) : null
}

/** A birth date that stands for none, such as 1 January 1900, gives an age that nobody has. */
function plausible(age: number): number | null {
  return age >= 0 && age <= greatestAge ? age : null
}

const yearsOld = (age: number) => (age === 0 ? 'under one year' : age === 1 ? 'one year old' : `${age} years old`)
