/** The lines of a conformance run as a table on the screen, and as the tables of CONFORMANCE.md. */
import { readFileSync, writeFileSync } from 'node:fs'

export const verdicts = ['right', 'refused', 'unproven', 'wrong'] as const
export type Verdict = (typeof verdicts)[number]
export const stages = ['header', 'stored', 'display', 'affine'] as const
export type Stage = (typeof stages)[number]

export interface Line {
  readonly path: string
  readonly stage: Stage
  readonly verdict: Verdict
  readonly detail: string
}

/** What was counted of the generated objects, by family. */
export interface FamilyCount {
  readonly family: string
  readonly cases: number
  readonly wrong: number
}

export function printReport(lines: readonly Line[], frames: number, verbose: boolean): void {
  for (const { path, stage, verdict, detail } of lines)
    if (verbose || verdict !== 'right') console.log(`${verdict.padEnd(9)} ${stage.padEnd(8)} ${path}: ${detail}`)
  console.log(`\n${''.padEnd(10)}${verdicts.map((verdict) => verdict.padStart(9)).join('')}`)
  for (const stage of stages)
    console.log(stage.padEnd(10) + verdicts.map((verdict) => String(count(lines, stage, verdict)).padStart(9)).join(''))
  console.log(`${frames} frames`)
}

function count(lines: readonly Line[], stage: Stage, verdict: Verdict): number {
  return lines.filter((line) => line.stage === stage && line.verdict === verdict).length
}

const against: Readonly<Record<Stage, readonly [what: string, whom: string]>> = {
  header: ['header facts', 'pydicom, dcmdump'],
  stored: ['stored values, bit by bit', 'pydicom, GDCM, DCMTK, OpenJPH'],
  display: ['display, within one grey level', 'the formulas of PS3.3 in numpy (all frames), DCMTK (three of each)'],
  affine: ['affine of a series, within 1e-4', 'dcm2niix'],
}

/** The tables of the statement. @param decided paths with what decided them, where tools disagree */
export function markdown(
  lines: readonly Line[],
  files: number,
  frames: number,
  decided: readonly (readonly [path: string, why: string])[],
  families: readonly FamilyCount[],
): string {
  const rows = (cells: readonly (readonly string[])[]) => cells.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
  const table = (head: readonly string[], cells: readonly (readonly string[])[]) =>
    cells.length === 0 ? 'None.' : `| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|\n${rows(cells)}`
  const pick = (verdict: Verdict, chosen: readonly Stage[]) =>
    lines.filter((line) => line.verdict === verdict && chosen.includes(line.stage))
  const pictures = [...new Set(pick('refused', ['stored', 'display']).map(({ path }) => path))]
  return [
    `## Compared on the public corpus of ${files} files, ${frames} frames`,
    table(
      ['stage', 'against', ...verdicts],
      stages.map((stage) => [...against[stage], ...verdicts.map((verdict) => String(count(lines, stage, verdict)))]),
    ),
    '*Unproven*: no tool could say. Where the tools disagree, the paragraph that decides is named below.',
    '### Refused pictures',
    table(
      ['file', 'reason'],
      pictures.map((path) => [
        path,
        lines.find((line) => line.path === path && line.verdict === 'refused' && line.stage !== 'header')!.detail,
      ]),
    ),
    '### Headers refused at import',
    'Most lack an identifier that every object must carry; their pixels can still be read by `overread frame`.',
    table(
      ['file', 'reason'],
      pick('refused', ['header']).map(({ path, detail }) => [path, detail]),
    ),
    '### Series that are no volume',
    table(
      ['series', 'reason'],
      pick('refused', ['affine']).map(({ path, detail }) => [path, detail.replace(/^no volume: /, '')]),
    ),
    '### Unproven',
    table(
      ['file', 'stage', 'why'],
      pick('unproven', stages).map(({ path, stage, detail }) => [path, stage, detail]),
    ),
    '### Wrong',
    table(
      ['file', 'stage', 'how'],
      pick('wrong', stages).map(({ path, stage, detail }) => [path, stage, detail]),
    ),
    '### Decided',
    table(['file', 'paragraph or reason'], decided),
    '## Compared on generated objects',
    'Pixel values are chosen, then written in every form that an image may have; what is expected rests on no decoder (`npm run conformance -- --generated`).',
    table(
      ['family', 'objects', 'wrong'],
      families.map(({ family, cases, wrong }) => [family, String(cases), String(wrong)]),
    ),
  ].join('\n\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()
}

const begin = '<!-- made by npm run conformance -- --markdown -->'

/** Replaces what stands below the mark in the statement. */
export function writeStatement(path: string, tables: string): void {
  const text = readFileSync(path, 'utf8')
  const at = text.indexOf(begin)
  if (at < 0) throw new Error(`${path} holds no mark: ${begin}`)
  writeFileSync(path, `${text.slice(0, at)}${begin}\n\n${tables}\n`)
}
