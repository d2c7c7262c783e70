/** The Markdown of a model's card as plain data: a card is foreign text, so it never becomes HTML. */

export interface Span {
  readonly text: string
  readonly style: 'plain' | 'strong' | 'code'
}
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly (readonly Span[])[]; readonly rows: readonly (readonly (readonly Span[])[])[] }

/** Strong, code and links (as their text, with the address behind it); everything else as it stands. */
export function spansOf(text: string): Span[] {
  const plain = text.replace(/\[([^\]]*)\]\(([^)]*)\)/g, (_, title: string, address: string) =>
    title === address ? title : `${title} (${address})`,
  )
  const spans: Span[] = []
  for (const part of plain.split(/(\*\*[^*]+\*\*|`[^`]+`)/)) {
    if (part === '') continue
    if (part.length > 4 && part.startsWith('**')) spans.push({ text: part.slice(2, -2), style: 'strong' })
    else if (part.length > 2 && part.startsWith('`')) spans.push({ text: part.slice(1, -1), style: 'code' })
    else spans.push({ text: part, style: 'plain' })
  }
  return spans
}

const cellsOf = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => spansOf(cell.trim()))
const isTableRule = (line: string) => /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/.test(line)
const isItem = (line: string) => /^\s*(?:[-*+]|\d+\.)\s+/.test(line)
const startsBlock = (line: string) =>
  line.trim() === '' || /^#{1,6} /.test(line) || isItem(line) || line.startsWith('```') || line.trim().startsWith('|')

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.slice(0, 200_000).split(/\r?\n/)
  const blocks: Block[] = []
  let at = 0
  const line = () => lines[at] ?? ''
  while (at < lines.length) {
    const heading = /^(#{1,6}) (.*)$/.exec(line())
    if (line().trim() === '') at++
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, spans: spansOf(heading[2] ?? '') })
      at++
    } else if (line().startsWith('```')) {
      const code: string[] = []
      for (at++; at < lines.length && !line().startsWith('```'); at++) code.push(line())
      at++
      blocks.push({ kind: 'code', text: code.join('\n') })
    } else if (line().trim().startsWith('|') && isTableRule(lines[at + 1] ?? '')) {
      const head = cellsOf(line())
      const rows: Span[][][] = []
      for (at += 2; at < lines.length && line().trim().startsWith('|'); at++) rows.push(cellsOf(line()))
      blocks.push({ kind: 'table', head, rows })
    } else if (isItem(line())) {
      const items: string[] = []
      for (; at < lines.length && line().trim() !== ''; at++) {
        if (isItem(line())) items.push(line().replace(/^\s*(?:[-*+]|\d+\.)\s+/, ''))
        else items[items.length - 1] += ` ${line().trim()}`
      }
      blocks.push({ kind: 'list', items: items.map(spansOf) })
    } else {
      const text = [line().trim()]
      for (at++; at < lines.length && !startsBlock(line()); at++) text.push(line().trim())
      blocks.push({ kind: 'paragraph', spans: spansOf(text.join(' ')) })
    }
  }
  return blocks
}
