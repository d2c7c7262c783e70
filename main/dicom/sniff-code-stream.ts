/** What a compressed frame is, by its first bytes, for objects whose header does not say or says wrong. */

const root = '1.2.840.10008.1.2.4'

/** The transfer syntax that a code stream belongs to; null where it begins like none. */
export function sniffCodeStream(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return sniffJpeg(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51) return sniffJpeg2000(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0x0a) return `${root}.112`
  return isRleHeader(bytes) ? '1.2.840.10008.1.2.5' : null
}

function sniffJpeg(bytes: Uint8Array): string | null {
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]
    switch (marker) {
      case 0xff:
        at++
        continue
      case 0xc0:
        return `${root}.50`
      case 0xc1:
        return `${root}.51`
      case 0xc2:
        return `${root}.55`
      case 0xc3:
        return `${root}.57`
      case 0xf7:
        return `${root}.81`
    }
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3])
  }
  return null
}

/** A CAP marker behind SIZ marks high throughput. ITU-T T.814 A.2. */
function sniffJpeg2000(bytes: Uint8Array): string {
  const capabilities = 4 + ((bytes[4] << 8) | bytes[5])
  return bytes[capabilities] === 0xff && bytes[capabilities + 1] === 0x50 ? `${root}.203` : `${root}.91`
}

/** A count of 1 to 15 segments, rising offsets from 64 on. PS3.5 G.5. */
function isRleHeader(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, 64)
  const count = view.getUint32(0, true)
  if (count < 1 || count > 15 || view.getUint32(4, true) !== 64) return false
  for (let i = 1; i < 15; i++) {
    const offset = view.getUint32(4 + i * 4, true)
    if (i < count ? offset <= view.getUint32(i * 4, true) : offset !== 0) return false
  }
  return true
}
