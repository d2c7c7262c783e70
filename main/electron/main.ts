/** Electron main: owns the processes and the windows, touches no pixel and no patient data. */
import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'
import { shellChannels } from '../../contracts/shell'
import { refuseCoreDumps } from '../host/core-dump'
import { defaultArchiveFolder } from '../host/default-archive'
import { declareScheme } from './app-protocol'
import { parseArguments } from './command-line'
import { EngineProcess } from './engine-process'
import { closeBackgroundServices, hardenContents } from './hardening'
import { setMenu } from './menu'
import { shellFolder } from './shell-folder'
import { serveShell } from './shell-ipc'
import { openWindow, prepareSession } from './window'

const out = __dirname

// The process that windows are forked from has been there before this line.
refuseCoreDumps()

/** Arguments after the binary and, in development, after the app's folder. */
function ownArguments(argv: readonly string[]): string[] {
  const appFolder = app.getAppPath()
  const at = argv.indexOf(appFolder)
  return argv.slice(at >= 0 ? at + 1 : 1)
}

const { paths, archive: named } = parseArguments(ownArguments(process.argv), process.cwd())
const archive = named ?? defaultArchiveFolder()

app.setName('Overread')
const shell = shellFolder(archive)
app.setPath('userData', shell.path)
app.setPath('sessionData', shell.path)
process.once('exit', () => shell.release())

function main(): void {
  declareScheme()
  closeBackgroundServices()
  hardenContents()
  const engine = new EngineProcess(join(out, 'node'), archive, (error) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(shellChannels.engineStopped, error)
  })

  app.on('second-instance', (_event, argv, workingFolder) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
    engine.importPaths(parseArguments(ownArguments(argv), workingFolder).paths, true)
  })
  // macOS hands files over as events.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    engine.importPaths([path], true)
  })
  app.on('window-all-closed', () => app.quit())
  let stopped = false
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void engine.stop().then(() => {
      stopped = true
      app.quit()
    })
  })

  void app.whenReady().then(() => {
    prepareSession(out)
    setMenu()
    // The window before the engine: what it is shown with takes longest.
    openWindow(out)
    engine.start()
    serveShell(engine)
    engine.importPaths(paths, true)
  })
}

if (app.requestSingleInstanceLock()) main()
else app.quit()
