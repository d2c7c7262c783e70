/** Offers the page what contracts/shell.ts names, and nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { portMessageType, shellChannels, type ShellApi } from '../../contracts/shell'

const api: ShellApi<File> = {
  chooseFiles: () => ipcRenderer.invoke(shellChannels.chooseFiles),
  chooseFolder: () => ipcRenderer.invoke(shellChannels.chooseFolder),
  chooseModelFile: () => ipcRenderer.invoke(shellChannels.chooseModelFile),
  chooseModelFolder: () => ipcRenderer.invoke(shellChannels.chooseModelFolder),
  importDropped: (files) => {
    const paths = [...files].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '')
    if (paths.length > 0) ipcRenderer.send(shellChannels.importDropped, paths)
  },
  connect: () => ipcRenderer.send(shellChannels.connect),
  onCommand: (listener) => {
    ipcRenderer.on(shellChannels.command, (_event, commandId: unknown) => listener(String(commandId)))
  },
  onEngineStopped: (listener) => {
    ipcRenderer.on(shellChannels.engineStopped, (_event, error: { code: string; message: string }) =>
      listener({ code: String(error.code), message: String(error.message) }),
    )
  },
}

contextBridge.exposeInMainWorld('overread', api)

ipcRenderer.on(shellChannels.port, (event) => window.postMessage({ type: portMessageType }, window.origin, [...event.ports]))
