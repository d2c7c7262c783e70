/** Where the command line's own built file is: workers and models are found from there. */
let url = ''

export function setEntryUrl(entry: string): void {
  url = entry
}

export function entryUrl(): string {
  return url
}
