/** A record for the tests: which picture was on the canvas, and whose overlays, at each of the last renders. */
interface Drawn {
  readonly picture: string
  /** Null: nothing of a network was drawn. */
  readonly overlay: string | null
  /** Of the file's own overlay planes; null or empty: none were drawn. */
  readonly planes: string | null
}

declare global {
  var __overreadDrawn: Drawn[] | undefined
}

const kept = 4000

export function recordDrawn(picture: string, overlay: string | null, planes: string | null): void {
  const drawn = (globalThis.__overreadDrawn ??= [])
  drawn.push({ picture, overlay, planes })
  if (drawn.length > kept) drawn.splice(0, drawn.length - kept)
}
