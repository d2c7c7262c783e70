/** HTML and SVG by templates that escape whatever is put into them. */

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = string | number | Markup | readonly Markup[]

/** Only markup made here goes in as it is; numbers and texts are escaped, also within attributes. */
export function markup(pieces: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(pieces.reduce((text, piece, index) => text + inserted(values[index - 1]) + piece))
}

function inserted(value: Value): string {
  if (value instanceof Markup) return value.text
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return value.map(({ text }) => text).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Controls and marks of direction become a replacement sign: they could turn the order of what stands beside them. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]).replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
}
