/** The phantoms, drawn once a process, as a drawing takes its time: the slices of the head from the lowest on, then the chest. */
import { phantoms, type PhantomInstance } from '../../main/interchange/phantoms'

let drawn: readonly PhantomInstance[] | null = null

export function drawnPhantoms(): readonly PhantomInstance[] {
  drawn ??= phantoms()
  return drawn
}
