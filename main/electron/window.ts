/** The window: sandboxed, isolated, without Node. */
import { join } from 'node:path'
import { BrowserWindow, nativeTheme, session } from 'electron'
import { appOrigin, serveApp } from './app-protocol'
import { hardenSession } from './hardening'

/** Not `persist:`: cookies, storage and cache stay in memory. */
const partition = 'overread'

/** `out`: the folder of built files. Once, after `ready`. */
export function prepareSession(out: string): void {
  const own = session.fromPartition(partition, { cache: false })
  hardenSession(own)
  serveApp(own.protocol, join(out, 'renderer'))
}

export function openWindow(out: string): BrowserWindow {
  // Where the system draws title and menus, dark like the window below them; GTK's menu bar follows the desktop alone.
  nativeTheme.themeSource = 'dark'
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#0d1014',
    title: 'Overread',
    webPreferences: {
      preload: join(out, 'preload.cjs'),
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
      v8CacheOptions: 'none',
    },
  })
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event) => event.preventDefault())
  void window.loadURL(`${appOrigin}/`)
  return window
}
