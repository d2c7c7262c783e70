/** A record for the tests: which picture was on the canvas, and whose overlay, at each of the last renders. */
interface Drawn {
  readonly picture: string
  /** Null: nothing of a network was drawn. */
  readonly overlay: string | null
}

declare global {
  var __overreadDrawn: Drawn[] | undefined
}

const kept = 4000

export function recordDrawn(picture: string, overlay: string | null): void {
  const drawn = (globalThis.__overreadDrawn ??= [])
  drawn.push({ picture, overlay })
  if (drawn.length > kept) drawn.splice(0, drawn.length - kept)
}
