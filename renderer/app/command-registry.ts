/** What each command does just now: screens register their part while they are shown. */
import type { CommandId } from '../../contracts/commands'

export type CommandHandlers = { readonly [id in CommandId]?: (event?: KeyboardEvent) => void }

const layers: CommandHandlers[] = []

/** Adds handlers over those registered before; the result takes them away. */
export function registerCommands(handlers: CommandHandlers): () => void {
  layers.push(handlers)
  return () => {
    const index = layers.lastIndexOf(handlers)
    if (index >= 0) layers.splice(index, 1)
  }
}

function handlerOf(id: string): ((event?: KeyboardEvent) => void) | null {
  for (let index = layers.length - 1; index >= 0; index--) {
    const handler = layers[index]?.[id as CommandId]
    if (handler) return handler
  }
  return null
}

export function canRun(id: string): boolean {
  return handlerOf(id) !== null
}

/** False when nothing on the screen answers to the command. */
export function runCommand(id: string, event?: KeyboardEvent): boolean {
  const handler = handlerOf(id)
  handler?.(event)
  return handler !== null
}
