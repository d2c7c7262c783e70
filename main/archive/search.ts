/** Text folded for searching and sorting: case, accents and width make no difference. */

/**
 * Letters that Unicode does not decompose, and how they are typed without them. The final sigma is one by its place: the end of
 * what is typed is not always the end of the word.
 */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ς: 'σ',
} // prettier-ignore

export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþıς]/g, (letter) => letters[letter]!)
    .replace(/\s+/g, ' ')
    .trim()
}

/** The words a reader typed, folded; every one is to occur. A name as shown ("Doe, Jane (山田)") and as written ("Doe^Jane=山田") give the same. */
export function searchWords(search: string): string[] {
  return [...new Set(fold(search).split(/[\s^=,;()]+/))].filter((word) => word !== '')
}

/** YYYYMMDD of a DICOM date, also of the old form YYYY.MM.DD; otherwise as written. */
export function plainDate(date: string): string {
  const digits = date.replace(/[.\-/\s]/g, '')
  return /^\d{8}$/.test(digits) ? digits : date.trim()
}

/** Everything of a study that a reader may type. */
export function searchText(study: {
  patientName: string
  patientId: string
  description: string
  accessionNumber: string
  studyDate: string
}): string {
  const date = plainDate(study.studyDate)
  const dashed = date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  const names = study.patientName.replace(/[\^=]/g, ' ')
  return ` ${fold([names, study.patientId, study.description, study.accessionNumber, date, dashed].join(' '))} `
}

/** By which names are sorted: family before given, the first group alone. */
export function nameKey(patientName: string): string {
  return fold((patientName.split('=').find((group) => group.replaceAll('^', '').trim() !== '') ?? '').replaceAll('^', ' '))
}
