/** The name of one stack in the window: what strip, session memory and results agree on. */
import type { StackReference } from '../../contracts/analysis'

/** A UID holds no blank, so that no two stacks share a key. */
export function stackKey({ seriesInstanceUid, stack }: StackReference): string {
  return `${seriesInstanceUid} ${stack}`
}

/** Description, or modality where there is none, and what sets the stack apart. */
export function stackTitle({ description, modality, stack }: { description: string; modality: string; stack: string }): string {
  return [description || modality, stack].filter(Boolean).join(', ')
}
