/** What preload offers the page besides the engine's port, and the messages between page, preload and main. */
import { z } from 'zod'
import { errorReportSchema } from './analysis'

/** Channels of ipcRenderer and ipcMain. */
export const shellChannels = {
  chooseFiles: 'shell:choose-files',
  chooseFolder: 'shell:choose-folder',
  importDropped: 'shell:import-dropped',
  chooseModelFile: 'shell:choose-model-file',
  chooseModelFolder: 'shell:choose-model-folder',
  connect: 'shell:connect',
  port: 'shell:port',
  command: 'shell:command',
  engineStopped: 'shell:engine-stopped',
} as const

/** Paths never reach the page: main hands them to the engine, and the page sees progress events. */
export const chooseReplySchema = z.strictObject({ chosen: z.boolean() })
export const droppedPathsSchema = z.array(z.string().min(1).max(4096)).min(1).max(10_000)
export const engineStoppedSchema = errorReportSchema

/** The name under which the page finds it: `window.overread`. `Dropped` is the DOM's `File`, which this room does not know. */
export interface ShellApi<Dropped = unknown> {
  /** Opens the system's dialog; what was chosen is imported. */
  chooseFiles(): Promise<{ chosen: boolean }>
  chooseFolder(): Promise<{ chosen: boolean }>
  /** The same for one model package, which is added. */
  chooseModelFile(): Promise<{ chosen: boolean }>
  chooseModelFolder(): Promise<{ chosen: boolean }>
  /** Imports files and folders dropped on the page. */
  importDropped(files: readonly Dropped[]): void
  /** Asks for a port to the engine. It arrives as a window message `{ type: 'overread:port' }` with the port in `ports`. */
  connect(): void
  /** A menu item was chosen: the id of a command in contracts/commands. */
  onCommand(listener: (commandId: string) => void): void
  /** The engine stopped too often and will not come back by itself. */
  onEngineStopped(listener: (error: { code: string; message: string }) => void): void
}
export const portMessageType = 'overread:port'
