/**
 * Text from outside as the window shows it. What controls a device or turns the order of what stands beside it becomes a
 * replacement sign; it is done where messages arrive, so that no screen can forget it. Line breaks and tabs stay.
 */
const harmful = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

export function plainLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(harmful, '\ufffd')
}

/** Makes every text within a message plain, in place; bytes and numbers are left as they are. */
export function plainValues<T>(value: T): T {
  if (typeof value === 'string') return plainLines(value) as T & string
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const parts = value as Record<string, unknown>
  for (const key of Object.keys(parts)) {
    const part = parts[key]
    const plain = plainValues(part)
    if (plain !== part) parts[key] = plain
  }
  return value
}
