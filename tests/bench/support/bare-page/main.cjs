// A window with the bare page and nothing else, as large as the product's viewport.
// CommonJS: as a module it would run after `ready` under the development loader.
/* eslint-disable @typescript-eslint/no-require-imports */
const { app, BrowserWindow } = require('electron')

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 980, height: 790, useContentSize: true, webPreferences: { backgroundThrottling: false } })
  void window.loadURL(process.env.BARE_PAGE)
})
app.on('window-all-closed', () => app.quit())
