/** Closes what Chromium offers and Overread does not need: connections, permissions, navigation, spell-check. */
import { app, type Session } from 'electron'
import { appOrigin, appScheme } from './app-protocol'

/** Before `ready`. */
export function closeBackgroundServices(): void {
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'no-pings',
    'disable-quic',
    'disable-breakpad',
  ]) {
    app.commandLine.appendSwitch(name)
  }
  app.commandLine.appendSwitch(
    'disable-features',
    'Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
  )
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
}

const ownSchemes = new Set([`${appScheme}:`, 'blob:', 'data:', 'devtools:'])

export function hardenSession(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !ownSchemes.has(schemeOf(details.url)) }))
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.setSpellCheckerLanguages([])
  session.on('will-download', (event) => event.preventDefault())
}

/** For every page that is ever made: it stays where it is and opens nothing. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    // Nobody is asked before a page goes to `about:blank`; it comes back.
    contents.on('did-navigate', (_event, url) => {
      if (!isOwnPage(url)) void contents.loadURL(`${appOrigin}/`)
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    // Calls from page to page open sockets that no request filter sees; there is no proxy, so this leaves them none.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  })
}

export function isOwnPage(url: string): boolean {
  return url === `${appOrigin}/` || url.startsWith(`${appOrigin}/`)
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':') + 1)
}
