/** Requests of a page to main: dialogs, dropped files, its port. Every sender is checked, every message parsed. */
import { BrowserWindow, dialog, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { droppedPathsSchema, shellChannels } from '../../contracts/shell'
import type { EngineProcess } from './engine-process'
import { isOwnPage } from './hardening'

export function serveShell(engine: EngineProcess): void {
  const choose = async (event: IpcMainInvokeEvent, kind: 'openFile' | 'openDirectory') => {
    const window = ownWindow(event)
    if (!window) return { chosen: false }
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: [kind, 'multiSelections'] })
    if (canceled || filePaths.length === 0) return { chosen: false }
    engine.importPaths(filePaths, false)
    return { chosen: true }
  }
  ipcMain.handle(shellChannels.chooseFiles, (event) => choose(event, 'openFile'))
  ipcMain.handle(shellChannels.chooseFolder, (event) => choose(event, 'openDirectory'))
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
