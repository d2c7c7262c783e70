/** What is asked of a person who makes a package of a bare network. */

export interface Question {
  /** By this an answer is given in a file: `id`, `output.logits.labels`. */
  readonly key: string
  /** In words, ending in what form the answer has. */
  readonly ask: string
  /** Taken where nothing is answered; null: an answer is needed. */
  readonly suggestion: string | null
  /** Why an answer does not do, in words; null where it does. */
  readonly fault: (answer: string) => string | null
}

export type Answers = Readonly<Record<string, string>>

/** The answer, or what stands for it where none was given. */
export function answerTo({ key, suggestion }: Question, answers: Answers): string | null {
  return Object.hasOwn(answers, key) ? answers[key] : suggestion
}

export const anyText =
  (most: number) =>
  (answer: string): string | null =>
    answer.trim() === '' ? 'something is needed here' : answer.length > most ? `at most ${most} characters` : null

export const oneOf =
  (...words: readonly string[]) =>
  (answer: string): string | null =>
    words.includes(answer) ? null : `one of ${words.join(', ')}`

export const matching =
  (pattern: RegExp, words: string) =>
  (answer: string): string | null =>
    pattern.test(answer) ? null : words

export const numberWithin =
  (low: number, high: number) =>
  (answer: string): string | null => {
    const value = Number(answer)
    return answer.trim() !== '' && value >= low && value <= high ? null : `a number from ${low} to ${high}`
  }

/** "a..b" */
export function rangeIn(answer: string): readonly [number, number] | null {
  const [low, high, ...more] = answer.split('..').map((part) => (part.trim() === '' ? NaN : Number(part)))
  return more.length === 0 && Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : null
}

/** "a, b, c" */
export function listIn(answer: string): string[] {
  return answer
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
