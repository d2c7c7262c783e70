/** Studies of many patients out of the slices of the head phantom, each with identifiers of its own. */
import { drawnHead } from './drawn-phantoms'

/** Slices from `first` (0: the lowest) of the phantom as a study of patient `number`, 0 to 999. */
export function headStudy(number: number, first: number, count: number): Uint8Array[] {
  return drawnHead()
    .slice(first, first + count)
    .map(({ bytes }) => renumbered(bytes, number))
}

export function patientOf(number: number): { id: string; name: string } {
  // Two signs for each: from a hundred on the first is a letter.
  const two = number < 100 ? String(number).padStart(2, '0') : (number - 100 + 360).toString(36).toUpperCase()
  return { id: `OVERREAD-PHANTOM-NR${two}`, name: `PHANTOM^NR${two}` }
}

/** Values of the same length alone are exchanged, so that no length within the file changes. */
function renumbered(bytes: Uint8Array, number: number): Uint8Array {
  const { id, name } = patientOf(number)
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replaceAll('OVERREAD-PHANTOM-HEAD', id)
    .replaceAll('PHANTOM^HEAD', name)
    .replaceAll(/2\.25\.\d{20,39}/g, (uid) => `${uid.slice(0, -3)}${String(number).padStart(3, '0')}`)
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
