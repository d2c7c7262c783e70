/** Requests of a page to main: dialogs, dropped files, its port. Every sender is checked, every message parsed. */
import { BrowserWindow, dialog, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron'
import { droppedPathsSchema, shellChannels } from '../../contracts/shell'
import type { EngineProcess } from './engine-process'
import { isOwnPage } from './hardening'

const packageFilters = [{ name: 'Model package', extensions: ['zip'] }]

export function serveShell(engine: EngineProcess): void {
  const choose = async (event: IpcMainInvokeEvent, options: OpenDialogOptions, take: (paths: string[]) => void) => {
    const window = ownWindow(event)
    if (!window) return { chosen: false }
    const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
    if (canceled || filePaths.length === 0) return { chosen: false }
    take(filePaths)
    return { chosen: true }
  }
  const importAll = (paths: string[]) => engine.importPaths(paths, false)
  const addFirst = ([path]: string[]) => engine.addModel(path)
  ipcMain.handle(shellChannels.chooseFiles, (event) => choose(event, { properties: ['openFile', 'multiSelections'] }, importAll))
  ipcMain.handle(shellChannels.chooseFolder, (event) => choose(event, { properties: ['openDirectory', 'multiSelections'] }, importAll))
  ipcMain.handle(shellChannels.chooseModelFile, (event) => choose(event, { properties: ['openFile'], filters: packageFilters }, addFirst))
  ipcMain.handle(shellChannels.chooseModelFolder, (event) => choose(event, { properties: ['openDirectory'] }, addFirst))
  ipcMain.on(shellChannels.importDropped, (event, message: unknown) => {
    const paths = droppedPathsSchema.safeParse(message)
    if (ownWindow(event) && paths.success) engine.importPaths(paths.data, false)
  })
  ipcMain.on(shellChannels.connect, (event) => {
    if (!ownWindow(event)) return
    if (engine.refusal) event.sender.send(shellChannels.engineStopped, engine.refusal)
    else event.sender.postMessage(shellChannels.port, null, [engine.openSession()])
  })
}

/** The window whose own top page asks, or null. */
function ownWindow(event: IpcMainEvent | IpcMainInvokeEvent): BrowserWindow | null {
  const frame = event.senderFrame
  if (!frame || frame.parent !== null || !isOwnPage(frame.url)) return null
  return BrowserWindow.fromWebContents(event.sender)
}
