/** What one check of the gate finds. */
export type Check =
  | { readonly verdict: 'accepts' }
  | { readonly verdict: 'unknown'; readonly what: string }
  | { readonly verdict: 'contradicts'; readonly sentence: string }

export const fits: Check = { verdict: 'accepts' }
/** `what` completes "not checked: …". */
export const notStated = (what: string): Check => ({ verdict: 'unknown', what })
export const contradicts = (sentence: string): Check => ({ verdict: 'contradicts', sentence })

/** "a", "a or b", "a, b or c" */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
