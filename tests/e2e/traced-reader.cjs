// Loaded into Electron's main process before the app: reads a study by the window's own controls, waits, and ends the app. No
// debugger is attached, which would open sockets of its own. OVERREAD_IDS: the test ids, OVERREAD_IDLE_MS: how long nothing is done.
'use strict'
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { app } = require('electron')

const ids = JSON.parse(process.env.OVERREAD_IDS)
const pause = (ms) => new Promise((done) => setTimeout(done, ms))

async function read({ webContents }) {
  const page = (code) => webContents.executeJavaScript(code, true)
  const element = (id, more = '') => `document.querySelector(${JSON.stringify(`[data-testid="${id}"]${more}`)})`
  const until = async (condition) => {
    for (const end = Date.now() + 120_000; Date.now() < end; await pause(100)) if (await page(`Boolean(${condition})`)) return
    throw new Error(`never so: ${condition}`)
  }
  const click = async (id, more) => {
    await until(element(id, more))
    await page(`${element(id, more)}.click()`)
  }

  // One study alone is opened by itself.
  await until(element(ids.viewport, '[data-state="shown"]'))
  await click(ids.analyseButton)
  await click(ids.analyseModel, '[data-model-id="chest-pneumonia"]')
  await click(ids.analyseSeries)
  await click(ids.findingRow)
  await click(ids.findingComment)
  await until(`document.activeElement?.dataset.testid === ${JSON.stringify(ids.findingCommentInput)}`)
  await webContents.insertText('Seen before, mispeled words and https://example.org/')
  for (const type of ['keyDown', 'char', 'keyUp']) webContents.sendInputEvent({ type, keyCode: 'Enter' })
  await until(`${element(ids.findingRow)}.textContent.includes('mispeled')`)
  await pause(Number(process.env.OVERREAD_IDLE_MS))
}

app.on('browser-window-created', (_event, window) => {
  window.webContents.once('did-finish-load', () => {
    read(window).then(
      () => {
        console.log('read to the end')
        app.quit()
      },
      (error) => {
        console.log(error.message)
        app.exit(3)
      },
    )
  })
})
