/** Compares what Overread reads with what DCMTK, GDCM, OpenJPH and pydicom read, file by file. Exit status 1 where anything is wrong. */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { OverreadError } from '../../contracts/errors'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { imageAttributes } from '../../main/pixels/image-attributes'
import { compareAffine } from './affines'
import { affineDecisions, affineFolders, decisions, displayDecisions, headerDecisions, sameDisplay, unusedBits } from './decisions'
import { compareDisplay } from './display'
import { compareGenerated } from './generated'
import { headerDifferences, oracleHeaders, type OracleFacts } from './headers'
import { cutToStoredBits, gdcmPixels, readTable, storedHash, type OracleRow } from './stored'

const corpus = fileURLToPath(new URL('../../../shared/data/dicom', import.meta.url))

type Verdict = 'right' | 'refused' | 'wrong' | 'unproven'
interface Line {
  readonly path: string
  readonly stage: 'stored' | 'display' | 'header' | 'affine'
  readonly verdict: Verdict
  readonly detail: string
}

/** @param args `[--only TEXT] [--verbose] [DIR]` */
export async function run(args: readonly string[]): Promise<number> {
  const only = valueOf(args, '--only') ?? ''
  const given = args.find((arg, index) => !arg.startsWith('--') && !valueOptions.includes(args[index - 1]))
  const folder = given ?? corpus
  if (args.includes('--generated')) {
    const wrong = await compareGenerated(valueOf(args, '--seed') ?? '20', only, valueOf(args, '--keep') ?? null)
    for (const line of wrong) console.log(`wrong  ${line}`)
    return wrong.length > 0 ? 1 : 0
  }
  if (!existsSync(folder)) {
    console.log(`skipped: ${folder} is not here`)
    return 0
  }
  const oracles = existsSync(join(folder, 'ORACLES.csv')) ? readTable(join(folder, 'ORACLES.csv')) : null
  const paths = (oracles ? [...oracles.keys()] : filesOf(folder)).filter((path) => path.includes(only))
  const headers = oracleHeaders(paths.map((path) => join(folder, path)))
  const lines: Line[] = []
  for (const path of paths) lines.push(...(await compareFile(folder, path, oracles, headers.get(join(folder, path)))))
  if (folder === corpus) lines.push(...affineFolders.filter((name) => name.includes(only)).map(affineLine))
  return report(lines, args.includes('--verbose'))
}

/** Options that are followed by a value. */
const valueOptions = ['--only', '--seed', '--keep']

function valueOf(args: readonly string[], option: string): string | undefined {
  return args.includes(option) ? args[args.indexOf(option) + 1] : undefined
}

function affineLine(name: string): Line {
  const { verdict, detail } = compareAffine(join(corpus, '..', name))
  const why = affineDecisions[name]
  return { path: name, stage: 'affine', verdict: verdict === 'wrong' && why ? 'right' : verdict, detail: why ?? detail }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

async function compareFile(
  folder: string,
  path: string,
  oracles: ReadonlyMap<string, OracleRow> | null,
  theirs: OracleFacts | undefined,
): Promise<Line[]> {
  const full = join(folder, path)
  const source = fileSource(full)
  try {
    let object: DicomObject
    try {
      object = readDicomObject(source)
    } catch (error) {
      return [refusal(path, 'header', error)]
    }
    const lines = [compareHeader(path, object, theirs)]
    if (object.pixelElement) lines.push(await compareStored(folder, path, object, oracles), await compareShown(full, path, object))
    return lines
  } finally {
    source.close()
  }
}

/** Right where the decision is to refuse for this reason; anything without a code is wrong. */
function refusal(path: string, stage: Line['stage'], error: unknown): Line {
  if (!(error instanceof OverreadError))
    return { path, stage, verdict: 'wrong', detail: String(error instanceof Error ? error.stack : error) }
  const decision = decisions[path]?.by
  const agreed = decision && 'refused' in decision && decision.refused === error.code ? ` (${decisions[path].why})` : ''
  return { path, stage, verdict: 'refused', detail: `${error.code}: ${error.detail}${agreed}` }
}

function compareHeader(path: string, object: DicomObject, theirs: OracleFacts | undefined): Line {
  try {
    const facts = instanceFacts(object)
    if (!theirs) return { path, stage: 'header', verdict: 'unproven', detail: 'pydicom cannot read it' }
    const differences = headerDifferences(facts, theirs).filter(
      (difference) => !(headerDecisions[path]?.fields ?? []).some((field) => difference.startsWith(field)),
    )
    return { path, stage: 'header', verdict: differences.length > 0 ? 'wrong' : 'right', detail: differences.join('; ') }
  } catch (error) {
    return refusal(path, 'header', error)
  }
}

async function compareStored(
  folder: string,
  path: string,
  object: DicomObject,
  oracles: ReadonlyMap<string, OracleRow> | null,
): Promise<Line> {
  try {
    const hash = await storedHash(object)
    const { verdict, detail } = await judgeStored(folder, path, object, hash, oracles?.get(path) ?? null)
    return { path, stage: 'stored', verdict, detail }
  } catch (error) {
    return refusal(path, 'stored', error)
  }
}

async function judgeStored(
  folder: string,
  path: string,
  object: DicomObject,
  hash: string,
  row: OracleRow | null,
): Promise<Pick<Line, 'verdict' | 'detail'>> {
  const decision = decisions[path]?.by
  if (row && decision) {
    if ('refused' in decision) return { verdict: 'wrong', detail: `decoded, though ${decisions[path].why}` }
    const expected = 'oracle' in decision ? row[`hash_${decision.oracle}`] : await hashOf(join(folder, decision.sameAs))
    return { verdict: hash === expected ? 'right' : 'wrong', detail: `${decisions[path].why}; ours ${hash}, expected ${expected}` }
  }
  if (!row || unusedBits.includes(path)) {
    const pixels = gdcmPixels(join(folder, path))
    if (!pixels) return { verdict: 'unproven', detail: 'GDCM cannot decode it' }
    const { bitsAllocated, bitsStored, signed } = imageAttributes(object)
    const cut = bitsAllocated === 16 && bitsStored < 16 ? cutToStoredBits(pixels, bitsStored, signed) : pixels
    const expected = createHash('sha256').update(cut).digest('hex').slice(0, 16)
    return { verdict: hash === expected ? 'right' : 'wrong', detail: `ours ${hash}, GDCM ${expected}` }
  }
  const names = ['pydicom', 'gdcm', 'dcmtk', 'openjph'].filter((name) => row[`hash_${name}`])
  if (names.length === 0) return { verdict: 'unproven', detail: 'no oracle decodes it' }
  const agreeing = names.filter((name) => row[`hash_${name}`] === hash)
  const right = agreeing.length === names.length || (row['hash_openjph'] !== '' && row['hash_openjph'] === (await storedHash(object, 1)))
  return {
    verdict: right ? 'right' : 'wrong',
    detail: right ? agreeing.join(', ') : `ours ${hash}, agrees with ${agreeing.join() || 'none'} of ${names.join()}`,
  }
}

async function hashOf(path: string): Promise<string> {
  const source = fileSource(path)
  try {
    return await storedHash(readDicomObject(source))
  } finally {
    source.close()
  }
}

async function compareShown(full: string, path: string, object: DicomObject): Promise<Line> {
  try {
    const { numberOfFrames } = imageAttributes(object)
    const results = []
    for (const frameIndex of new Set([0, numberOfFrames - 1])) results.push(await compareDisplay(object, full, frameIndex))
    const failed = results.find((result) => result.kind === 'no-oracle')
    if (failed && full.startsWith(corpus) && sameDisplay[path]) return await compareWithSame(path, object)
    if (failed) return { path, stage: 'display', verdict: 'unproven', detail: failed.reason }
    const worst = Math.max(...results.map((result) => (result.kind === 'compared' ? result.worst : 0)))
    const decision = displayDecisions[path]
    if (worst > 1 && decision && worst <= decision.worst) return { path, stage: 'display', verdict: 'right', detail: decision.why }
    return { path, stage: 'display', verdict: worst <= 1 ? 'right' : 'wrong', detail: `worst difference ${worst}` }
  } catch (error) {
    return refusal(path, 'display', error)
  }
}

/** All frames against those of the file that shows the same picture; lossless, so that nothing may differ but by rounding. */
async function compareWithSame(path: string, object: DicomObject): Promise<Line> {
  const source = fileSource(join(corpus, sameDisplay[path]))
  try {
    const other = readDicomObject(source)
    let worst = 0
    for (let frameIndex = 0; frameIndex < imageAttributes(object).numberOfFrames; frameIndex++) {
      const ours = (await decodeFrame(object, frameIndex, 'display')).samples
      const theirs = (await decodeFrame(other, frameIndex, 'display')).samples
      if (ours.length !== theirs.length)
        return { path, stage: 'display', verdict: 'wrong', detail: `not of the size of ${sameDisplay[path]}` }
      for (let i = 0; i < ours.length; i++) worst = Math.max(worst, Math.abs(ours[i] - theirs[i]))
    }
    return {
      path,
      stage: 'display',
      verdict: worst <= 1 ? 'right' : 'wrong',
      detail: `worst difference ${worst} from ${sameDisplay[path]}`,
    }
  } finally {
    source.close()
  }
}

function report(lines: readonly Line[], verbose: boolean): number {
  const stages = ['header', 'stored', 'display', 'affine'] as const
  const verdicts = ['right', 'refused', 'unproven', 'wrong'] as const
  for (const { path, stage, verdict, detail } of lines)
    if (verbose || verdict !== 'right') console.log(`${verdict.padEnd(9)} ${stage.padEnd(8)} ${path}: ${detail}`)
  console.log(`\n${''.padEnd(10)}${verdicts.map((verdict) => verdict.padStart(9)).join('')}`)
  for (const stage of stages) {
    console.log(
      stage.padEnd(10) +
        verdicts
          .map((verdict) => String(lines.filter((line) => line.stage === stage && line.verdict === verdict).length).padStart(9))
          .join(''),
    )
  }
  return lines.some(({ verdict }) => verdict === 'wrong') ? 1 : 0
}
