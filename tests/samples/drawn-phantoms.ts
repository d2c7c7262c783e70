/** The phantoms, each drawn once a process, as a drawing takes its time. Whoever changes their bytes copies them first. */
import { chestPhantom, headFlairPhantom, type PhantomInstance } from '../../main/interchange/phantoms'

function once<T>(draw: () => T): () => T {
  let drawn: { readonly value: T } | null = null
  return () => (drawn ??= { value: draw() }).value
}

/** From the lowest slice on. */
export const drawnHead = once(headFlairPhantom)
export const drawnChest = once(chestPhantom)

/** The slices of the head, then the chest. */
export const drawnPhantoms = (): PhantomInstance[] => [...drawnHead(), drawnChest()]
