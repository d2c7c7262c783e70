/** A reason for what a picture looks like, as `explainPicture` gives them, and how its parts are put into words. */
import { attributeName, tagText } from '../dicom/dictionary'

export interface Reason {
  /** What the sentence is about, in a word or two: "Window". */
  readonly subject: string
  /** One sentence or two, with full stops. Text of the file in it is as written, to be cleaned before a terminal shows it. */
  readonly sentence: string
  /** `(0028,1050) Window Center`; empty where none is asked. */
  readonly attributes: readonly string[]
}

export function reason(subject: string, sentence: string, ...tags: readonly number[]): Reason {
  return { subject, sentence, attributes: tags.map((tag) => `${tagText(tag)} ${attributeName(tag)}`) }
}

export function quoted(explanation: string): string {
  return explanation === '' ? '' : ` “${explanation}”`
}

/** Up to six significant digits, without an exponent where the number is of common size. */
export function number(value: number): string {
  return String(Number(value.toPrecision(6))).replace(/^-/, '−')
}
