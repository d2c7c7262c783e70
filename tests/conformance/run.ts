/** Compares what Overread reads with what DCMTK, GDCM, OpenJPH, pydicom and dcm2niix read, file by file. Exit status 1 where anything is wrong. */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { compareAffine, stacks, type FactsOfFile } from './affines'
import { compareFile } from './compare-file'
import { affineDecisions, affineFolders, decisions, displayDecisions, generatedDecisions, headerDecisions } from './decisions'
import { compareGenerated } from './generated'
import { oracleHeaders } from './headers'
import { PixelOracle } from './oracle'
import { markdown, printReport, writeStatement, type FamilyCount, type Line } from './report'
import { readTable } from './stored'

const corpus = fileURLToPath(new URL('../../../shared/data/dicom', import.meta.url))
const statement = fileURLToPath(new URL('../../CONFORMANCE.md', import.meta.url))

/** Options that are followed by a value. */
const valueOptions = ['--only', '--seed', '--keep']

/** @param args `[--only TEXT] [--verbose] [--markdown] [--generated [--seed NUMBER] [--keep DIR]] [DIR]` */
export async function run(args: readonly string[]): Promise<number> {
  const only = valueOf(args, '--only') ?? ''
  const given = resolve(args.find((arg, index) => !arg.startsWith('--') && !valueOptions.includes(args[index - 1])) ?? corpus)
  // A part of the corpus keeps its hashes and decisions.
  const part = given.startsWith(corpus + sep) ? relative(corpus, given) + sep : ''
  const folder = part ? corpus : given
  if (args.includes('--generated')) {
    const { families, wrong } = await compareGenerated(valueOf(args, '--seed') ?? '20', only, valueOf(args, '--keep') ?? null)
    printFamilies(families)
    for (const line of wrong) console.log(`wrong  ${line}`)
    return wrong.length > 0 ? 1 : 0
  }
  if (!existsSync(folder)) {
    console.log(`skipped: ${folder} is not here`)
    return 0
  }
  const { lines, files, frames } = await compareFolder(folder, only, part)
  printReport(lines, frames, args.includes('--verbose'))
  if (args.includes('--markdown') && !part && !only) {
    const { families } = folder === corpus ? await compareGenerated('20', '', null) : { families: [] }
    const tables = markdown(lines, files, frames, folder === corpus ? allDecisions() : [], families)
    if (folder === corpus) writeStatement(statement, tables)
    else console.log(`\n${tables}`)
    if (families.some(({ wrong }) => wrong > 0)) return 1
  }
  return lines.some(({ verdict }) => verdict === 'wrong') ? 1 : 0
}

function valueOf(args: readonly string[], option: string): string | undefined {
  return args.includes(option) ? args[args.indexOf(option) + 1] : undefined
}

async function compareFolder(root: string, only: string, part: string): Promise<{ lines: Line[]; files: number; frames: number }> {
  const known = root === corpus
  const table = join(root, 'ORACLES.csv')
  const oracles = existsSync(table) ? readTable(table) : null
  const paths = (oracles ? [...oracles.keys()] : filesOf(root)).filter((path) => path.includes(only) && path.startsWith(part))
  const headers = oracleHeaders(paths.map((path) => join(root, path)))
  const oracle = new PixelOracle()
  const lines: Line[] = []
  const facts: FactsOfFile[] = []
  let frames = 0
  try {
    for (const path of paths) {
      const compared = await compareFile({ root, known, oracles, oracle }, path, headers.get(join(root, path)))
      lines.push(...compared.lines)
      frames += compared.frames
      if (compared.facts) facts.push({ path: join(root, path), facts: compared.facts })
    }
  } finally {
    oracle.close()
  }
  lines.push(...affineLines(root, facts))
  if (known && !part)
    for (const name of affineFolders.filter((name) => name.includes(only))) lines.push(...affineLines(join(root, '..'), factsOf(name)))
  return { lines, files: paths.length, frames }
}

function affineLines(root: string, files: readonly FactsOfFile[]): Line[] {
  return stacks(root, files).map((stack) => {
    const { name, verdict, detail } = compareAffine(stack)
    const why = affineDecisions[name]
    return {
      path: name,
      stage: 'affine',
      verdict: verdict === 'wrong' && why ? 'right' : verdict,
      detail: verdict === 'wrong' && why ? why : detail,
    }
  })
}

/** The facts of the objects in a folder beside the corpus. */
function factsOf(name: string): FactsOfFile[] {
  const folder = join(corpus, '..', name)
  return filesOf(folder).flatMap((file) => {
    const path = join(folder, file)
    const source = fileSource(path)
    try {
      return [{ path, facts: instanceFacts(readDicomObject(source)) }]
    } catch {
      // What is no object is none for dicom2niix either.
      return []
    } finally {
      source.close()
    }
  })
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

function allDecisions(): (readonly [string, string])[] {
  return [
    ...Object.entries(decisions).flatMap(([path, { by, why }]) => ('refused' in by ? [] : [[path, why] as const])),
    ...Object.entries(displayDecisions).map(([path, { why }]) => [path, `display: ${why}`] as const),
    ...Object.entries(headerDecisions).map(([path, { why }]) => [path, `header: ${why}`] as const),
    ...Object.entries(affineDecisions).map(([path, why]) => [path, `affine: ${why}`] as const),
    ...generatedDecisions.map(({ name, why }) => [`generated ${String(name)}`, why] as const),
  ]
}

function printFamilies(families: readonly FamilyCount[]): void {
  for (const { family, cases, wrong } of families)
    console.log(`${family.padEnd(14)}${String(cases).padStart(6)} objects${String(wrong).padStart(5)} wrong`)
}
