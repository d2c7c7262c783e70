/** What a script within the window could try. Each is sent to the page as text and made there: it may use nothing of this file. */
/* eslint-disable no-eval, @typescript-eslint/no-explicit-any */

/** What an attack is given. */
export interface Targets {
  /** A server that counts connections. */
  readonly http: string
  readonly webSocket: string
  readonly stun: string
  readonly file: string
}

interface Attack {
  readonly what: string
  /** Gives something if it got through, nothing if not; one that throws or rejects was refused. */
  readonly attempt: (given: Targets) => unknown
}

const node: readonly Attack[] = [
  { what: 'require', attempt: () => (globalThis as any).require },
  { what: 'process', attempt: () => (globalThis as any).process },
  { what: 'module', attempt: () => (globalThis as any).module },
  { what: 'Buffer', attempt: () => (globalThis as any).Buffer },
  { what: 'a dynamic import of a Node module', attempt: () => import(/* @vite-ignore */ 'node:' + 'fs') },
  { what: 'the constructor of what preload offers', attempt: () => (window as any).overread.connect.constructor('return process')() },
  { what: 'the prototype of what preload offers', attempt: () => (window as any).overread.__proto__.constructor.constructor('return process')() },
  { what: 'replacing what preload offers', attempt: () => { const before = (window as any).overread; (window as any).overread = { chooseFiles: 1 }; return (window as any).overread !== before } },
  { what: 'adding to what preload offers', attempt: () => { (window as any).overread.added = 1; return (window as any).overread.added } },
  { what: 'ipcRenderer', attempt: () => (window as any).overread.ipcRenderer ?? (globalThis as any).ipcRenderer ?? (globalThis as any).electron },
  { what: 'Node in a worker', attempt: () => new Promise((done) => { const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(typeof require + typeof process)'], { type: 'text/javascript' }))); worker.onmessage = ({ data }) => done(data === 'undefinedundefined' ? 'refused' : data); worker.onerror = () => done('refused') }) },
  { what: 'Node in a frame', attempt: () => { const frame = document.createElement('iframe'); document.body.append(frame); const inside = frame.contentWindow as any; const found = inside?.require ?? inside?.process ?? inside?.overread; frame.remove(); return found } },
] // prettier-ignore

const code: readonly Attack[] = [
  { what: 'eval', attempt: () => (0, eval)('1') },
  { what: 'new Function', attempt: () => new Function('return 1')() },
  { what: 'a timer with text', attempt: () => { setTimeout('window.reached = 1', 0); return new Promise((done) => setTimeout(() => done((window as any).reached), 200)) } },
  { what: 'an inline script', attempt: () => { const script = document.createElement('script'); script.textContent = 'window.inline = 1'; document.body.append(script); return (window as any).inline } },
  { what: 'an inline handler', attempt: () => { document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.handled = 1">'); return new Promise((done) => setTimeout(() => done((window as any).handled), 300)) } },
  { what: 'a script of a blob', attempt: () => new Promise((done) => { const script = document.createElement('script'); script.src = URL.createObjectURL(new Blob(['window.blob = 1'], { type: 'text/javascript' })); script.onload = () => done('loaded'); script.onerror = () => done('refused'); document.body.append(script) }) },
  { what: 'a script of a data URL', attempt: () => import(/* @vite-ignore */ ['data:text/javascript', 'export default 1'].join()) },
  { what: 'a script of a server', attempt: ({ http }) => import(/* @vite-ignore */ `${http}x.js`) },
  { what: 'a link of code', attempt: () => { const link = document.createElement('a'); link.href = 'javascript:window.linked=1'; document.body.append(link); link.click(); return new Promise((done) => setTimeout(() => done((window as any).linked), 200)) } },
  { what: 'eval in a worker', attempt: () => new Promise((done) => { const worker = new Worker(URL.createObjectURL(new Blob(['try { eval("1"); postMessage("reached") } catch { postMessage("refused") }'], { type: 'text/javascript' }))); worker.onmessage = ({ data }) => done(data); worker.onerror = () => done('refused') }) },
  { what: 'a style sheet of a server', attempt: ({ http }) => new Promise((done) => { const link = document.createElement('link'); link.rel = 'stylesheet'; link.href = `${http}x.css`; link.onload = () => done('loaded'); link.onerror = () => done('refused'); document.head.append(link) }) },
] // prettier-ignore

const network: readonly Attack[] = [
  { what: 'fetch', attempt: ({ http }) => fetch(http).then(() => 'reached') },
  { what: 'fetch without an answer', attempt: ({ http }) => fetch(http, { mode: 'no-cors' }).then(() => 'reached') },
  { what: 'fetch of a file', attempt: ({ file }) => fetch(file).then((response) => response.text()) },
  { what: 'XMLHttpRequest of a file', attempt: ({ file }) => new Promise((done) => { const request = new XMLHttpRequest(); request.open('GET', file); request.onload = () => done(request.responseText); request.onerror = () => done('refused'); request.send() }) },
  { what: 'a picture of a server', attempt: ({ http }) => new Promise((done) => { const image = new Image(); image.onload = () => done('loaded'); image.onerror = () => done('refused'); image.src = `${http}x.png` }) },
  { what: 'a picture of a file', attempt: ({ file }) => new Promise((done) => { const image = new Image(); image.onload = () => done('loaded'); image.onerror = () => done('refused'); image.src = file }) },
  { what: 'a picture set as a style', attempt: ({ http }) => { document.body.style.backgroundImage = `url(${http}y.png)`; return new Promise((done) => setTimeout(() => { document.body.style.backgroundImage = ''; done('refused') }, 300)) } },
  { what: 'sendBeacon', attempt: ({ http }) => { navigator.sendBeacon(http, 'x'); return 'refused' } },
  { what: 'EventSource', attempt: ({ http }) => new Promise((done) => { const source = new EventSource(http); source.onopen = () => done('open'); source.onerror = () => { source.close(); done('refused') } }) },
  { what: 'WebSocket', attempt: ({ webSocket }) => new Promise((done) => { const connection = new WebSocket(webSocket); connection.onopen = () => done('open'); connection.onerror = () => done('refused') }) },
  { what: 'WebTransport', attempt: ({ http }) => new (globalThis as any).WebTransport(http.replace('http:', 'https:')).ready.then(() => 'open') },
  { what: 'RTCPeerConnection', attempt: ({ stun }) => new Promise((done) => { const connection = new RTCPeerConnection({ iceServers: [{ urls: stun }] }); const found: string[] = []; connection.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate); connection.createDataChannel('x'); void connection.createOffer().then((offer) => connection.setLocalDescription(offer)); setTimeout(() => done(found.length > 0 ? found.join() : 'refused'), 2000) }) },
  { what: 'a link that connects ahead', attempt: ({ http }) => { for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'modulepreload']) { const link = document.createElement('link'); link.rel = rel; link.href = http; link.as = 'script'; document.head.append(link) } return new Promise((done) => setTimeout(() => done('refused'), 500)) } },
  { what: 'a ping', attempt: ({ http }) => { const link = document.createElement('a'); link.href = http; link.ping = http; document.body.append(link); link.click(); return new Promise((done) => setTimeout(() => done('refused'), 300)) } },
  { what: 'importScripts of a server in a worker', attempt: ({ http }) => new Promise((done) => { const worker = new Worker(URL.createObjectURL(new Blob([`try { importScripts("${http}"); postMessage("reached") } catch { postMessage("refused") }`], { type: 'text/javascript' }))); worker.onmessage = ({ data }) => done(data); worker.onerror = () => done('refused') }) },
  { what: 'fetch in a worker', attempt: ({ http }) => new Promise((done) => { const worker = new Worker(URL.createObjectURL(new Blob([`fetch("${http}", { mode: 'no-cors' }).then(() => postMessage("reached"), () => postMessage("refused"))`], { type: 'text/javascript' }))); worker.onmessage = ({ data }) => done(data); worker.onerror = () => done('refused') }) },
  { what: 'a media element', attempt: ({ http }) => new Promise((done) => { const media = document.createElement('video'); media.onloadeddata = () => done('loaded'); media.onerror = () => done('refused'); media.src = http }) },
  { what: 'a font', attempt: ({ http }) => new FontFace('x', `url(${http})`).load().then(() => 'loaded') },
] // prettier-ignore

const pages: readonly Attack[] = [
  { what: 'window.open of a server', attempt: ({ http }) => window.open(http) && 'opened' },
  { what: 'window.open of nothing', attempt: () => window.open('about:blank') && 'opened' },
  { what: 'window.open of its own page', attempt: () => window.open(location.href) && 'opened' },
  { what: 'window.open of a file', attempt: ({ file }) => window.open(file) && 'opened' },
  { what: 'a link to a new window', attempt: ({ http }) => { const link = document.createElement('a'); link.href = http; link.target = '_blank'; document.body.append(link); link.click() } },
  { what: 'going to a server', attempt: ({ http }) => { location.href = http } },
  { what: 'going to a file', attempt: ({ file }) => { location.assign(file) } },
  { what: 'going to a data URL', attempt: () => { location.replace('data:text/html,x') } },
  { what: 'going to a blob', attempt: () => { location.href = URL.createObjectURL(new Blob(['<h1>x</h1>'], { type: 'text/html' })) } },
  { what: 'going to another file of its own', attempt: () => { location.href = document.querySelector('script')!.src } },
  { what: 'a form', attempt: ({ http }) => { const form = document.createElement('form'); form.action = http; document.body.append(form); form.submit() } },
  { what: 'a refresh', attempt: ({ http }) => { const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; meta.content = `0; url=${http}`; document.head.append(meta) } },
  { what: 'a frame of a server', attempt: ({ http }) => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = http; frame.onload = () => { try { done(frame.contentDocument ? 'refused' : 'refused') } catch { done('refused') } }; document.body.append(frame) }) },
  { what: 'a frame of a file', attempt: ({ file }) => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = file; document.body.append(frame); setTimeout(() => { try { done(frame.contentDocument?.body?.textContent?.includes('secret') ? 'read' : 'refused') } catch { done('refused') } }, 500) }) },
  { what: 'a frame of its own page', attempt: () => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = location.href; document.body.append(frame); setTimeout(() => { try { done((frame.contentWindow as any).overread ?? frame.contentDocument?.getElementById('app') ?? 'refused') } catch { done('refused') } }, 500) }) },
  { what: 'an object', attempt: ({ file }) => { const object = document.createElement('object'); object.data = file; document.body.append(object); return new Promise((done) => setTimeout(() => done(object.contentDocument ? 'loaded' : 'refused'), 300)) } },
  { what: 'a webview', attempt: ({ http }) => { const view = document.createElement('webview') as any; view.src = http; document.body.append(view); return new Promise((done) => setTimeout(() => done(view.getWebContentsId ?? view.contentWindow ?? 'refused'), 300)) } },
  { what: 'a download', attempt: () => { const link = document.createElement('a'); link.href = URL.createObjectURL(new Blob(['x'])); link.download = 'overread-attack.txt'; document.body.append(link); link.click() } },
  { what: 'a dropped address', attempt: ({ file }) => { const data = new DataTransfer(); data.setData('text/uri-list', file); data.setData('text/plain', file); for (const type of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })) } },
  { what: 'a file of a forged path', attempt: () => { (window as any).overread.importDropped([new File(['x'], '/etc/passwd')]) } },
] // prettier-ignore

const permissions: readonly Attack[] = [
  { what: 'the position', attempt: () => new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('given'), () => done('refused'))) },
  { what: 'microphone and camera', attempt: () => navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(() => 'given') },
  { what: 'the screen', attempt: () => navigator.mediaDevices.getDisplayMedia({ video: true }).then(() => 'given') },
  { what: 'reading the clipboard', attempt: () => navigator.clipboard.readText().then((text) => `read ${text}`) },
  { what: 'writing the clipboard unasked', attempt: () => navigator.clipboard.writeText('overread').then(() => 'written') },
  { what: 'notifications', attempt: () => Notification.requestPermission().then((answer) => (answer === 'granted' ? 'granted' : 'refused')) },
  { what: 'lasting storage', attempt: () => navigator.storage.persist().then((given) => given || 'refused') },
  { what: 'files through a picker', attempt: () => (window as any).showOpenFilePicker().then(() => 'given') },
  { what: 'a service worker', attempt: () => navigator.serviceWorker.register('/x.js').then(() => 'registered') },
  { what: 'MIDI', attempt: () => navigator.requestMIDIAccess().then(() => 'given') },
  { what: 'USB', attempt: () => (navigator as any).usb.requestDevice({ filters: [] }).then(() => 'given') },
  { what: 'serial ports', attempt: () => (navigator as any).serial.requestPort().then(() => 'given') },
  { what: 'HID', attempt: () => (navigator as any).hid.requestDevice({ filters: [] }).then((devices: unknown[]) => (devices.length > 0 ? 'given' : 'refused')) },
  { what: 'Bluetooth', attempt: () => (navigator as any).bluetooth.requestDevice({ acceptAllDevices: true }).then(() => 'given') },
  { what: 'idle detection', attempt: () => (globalThis as any).IdleDetector.requestPermission().then((answer: string) => (answer === 'granted' ? 'granted' : 'refused')) },
  { what: 'the fonts of the machine', attempt: () => (window as any).queryLocalFonts().then((fonts: unknown[]) => (fonts.length > 0 ? 'given' : 'refused')) },
  { what: 'the pointer', attempt: () => (document.body.requestPointerLock() as unknown as Promise<void>).then(() => 'locked') },
] // prettier-ignore

/** From the page's own folder outwards: built code beside it, a file of this machine, another host. */
export const addresses = [
  'overread://app/../main.cjs',
  'overread://app/..%2fmain.cjs',
  'overread://app/..%2fnode%2fcompute.js',
  'overread://app/%2e%2e/node/compute.js',
  'overread://app/%2e%2e%2fnode%2fcompute.js',
  'overread://app/assets/..%2f..%2fnode%2fcompute.js',
  'overread://app/..%5cnode%5ccompute.js',
  'overread://app/..%252fnode%252fcompute.js',
  'overread://app//..%2fnode/compute.js',
  'overread://app/..%2fnode%2fcompute.js%00.js',
  'overread://app/../../../../../../etc/passwd',
  'overread://app/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
  'overread://app/%2fetc%2fpasswd',
  'overread://app/%ff',
  'overread://other/index.html',
  'overread:///etc/passwd',
]

export const attackGroups = { node, code, network, pages, permissions }
