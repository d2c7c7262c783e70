// What the set-up says: on stderr, as stdout belongs to the command that follows.
export const say = (text) => process.stderr.write(`overread: ${text}\n`)

/** Ends the script with a sentence for a person. */
export function stop(text) {
  say(text)
  process.exit(1)
}
