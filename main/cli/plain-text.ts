/** Text from outside without what a terminal would obey: controls and marks of direction become a replacement sign. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
}
