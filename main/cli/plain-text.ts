/** Text from outside without what a terminal would obey: controls and marks of direction become a replacement sign. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}

/** Several lines of it: line breaks stay. What stands within a line is made plain where it is put together. */
export function plainLines(text: string): string {
  return text.split('\n').map(plainText).join('\n')
}

/** A JSON document whose characters of that kind are escaped: the same document to a program, and harmless on a terminal. */
export function plainJson(document: unknown): string {
  return JSON.stringify(document).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // Beyond the basic plane a character is two units.
    character.length === 1 ? escaped(character.charCodeAt(0)) : escaped(character.charCodeAt(0)) + escaped(character.charCodeAt(1)),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
