/** A record for the tests of each of the last renders: which picture was on the stage, and whose marks were on each layer. */
import { ownerOf } from './layer-canvas'

const layerNames = ['heat', 'lines', 'planes', 'measures', 'entries'] as const
export type Layers<T> = Readonly<Record<(typeof layerNames)[number], T>>

/** Of each layer the picture whose marks are on it, as what drew them said; null: it is empty. */
interface Drawn extends Layers<string | null> {
  /** As the stage told of it; empty: nothing is on the stage. */
  readonly picture: string
}

declare global {
  var __overreadDrawn: Drawn[] | undefined
}

const kept = 20_000

export function recordDrawn(picture: string, layers: Layers<HTMLCanvasElement>): void {
  const owners = Object.fromEntries(layerNames.map((name) => [name, ownerOf(layers[name])])) as Layers<string | null>
  const drawn = (globalThis.__overreadDrawn ??= [])
  drawn.push({ picture, ...owners })
  if (drawn.length > kept) drawn.splice(0, drawn.length - kept / 2)
}
