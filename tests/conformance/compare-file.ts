/** One file through the stages, each against what other tools make of it. */
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { OverreadError } from '../../contracts/errors'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject, type DicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { imageAttributes } from '../../main/pixels/image-attributes'
import { decisions, displayDecisions, headerDecisions, sameDisplay, unusedBits } from './decisions'
import { dumpDifferences, dumpedFacts } from './dcmdump'
import { compareDisplay, worstDifference } from './display'
import { headerDifferences, type OracleFacts } from './headers'
import type { PixelOracle } from './oracle'
import type { Line, Stage } from './report'
import { cutToStoredBits, gdcmPixels, storedHash, type OracleRow } from './stored'

export interface Folder {
  readonly root: string
  /** Whether it is the public corpus, to whose paths the decisions belong. */
  readonly known: boolean
  readonly oracles: ReadonlyMap<string, OracleRow> | null
  readonly oracle: PixelOracle
}

export interface ComparedFile {
  readonly lines: readonly Line[]
  readonly frames: number
  readonly facts: InstanceFacts | null
}

export async function compareFile(folder: Folder, path: string, theirs: OracleFacts | undefined): Promise<ComparedFile> {
  const full = join(folder.root, path)
  const source = fileSource(full)
  try {
    let object: DicomObject
    try {
      object = readDicomObject(source)
    } catch (error) {
      return { lines: [refusal(folder, path, 'header', error)], frames: 0, facts: null }
    }
    const { line, facts } = compareHeader(folder, path, object, theirs)
    if (!object.pixelElement) return { lines: [line], frames: 0, facts }
    const stored = await compareStored(folder, path, object)
    const frames = stored.verdict === 'refused' ? 0 : imageAttributes(object).numberOfFrames
    return { lines: [line, stored, await compareShown(folder, path, object, stored)], frames, facts }
  } finally {
    source.close()
  }
}

/** Refused where the error has a code, and by the decision where there is one; anything without a code is wrong. */
function refusal({ known }: Folder, path: string, stage: Stage, error: unknown): Line {
  if (!(error instanceof OverreadError))
    return { path, stage, verdict: 'wrong', detail: String(error instanceof Error ? error.stack : error) }
  const decision = known ? decisions[path]?.by : undefined
  const agreed = decision && 'refused' in decision && decision.refused === error.code ? ` (${decisions[path].why})` : ''
  return { path, stage, verdict: 'refused', detail: `${error.code}: ${error.detail}${agreed}` }
}

function compareHeader(
  folder: Folder,
  path: string,
  object: DicomObject,
  theirs: OracleFacts | undefined,
): { line: Line; facts: InstanceFacts | null } {
  try {
    const facts = instanceFacts(object)
    const dumped = dumpedFacts(join(folder.root, path))
    const fields = folder.known ? (headerDecisions[path]?.fields ?? []) : []
    const differences = [...(theirs ? headerDifferences(facts, theirs) : []), ...(dumped ? dumpDifferences(facts, dumped) : [])].filter(
      (difference) => !fields.some((field) => difference.startsWith(field)),
    )
    const verdict = differences.length > 0 ? 'wrong' : theirs || dumped ? 'right' : 'unproven'
    const asked = [theirs && 'pydicom', dumped && 'dcmdump'].filter(Boolean).join(', ')
    return {
      line: { path, stage: 'header', verdict, detail: differences.join('; ') || asked || 'neither pydicom nor dcmdump reads it' },
      facts,
    }
  } catch (error) {
    return { line: refusal(folder, path, 'header', error), facts: null }
  }
}

async function compareStored(folder: Folder, path: string, object: DicomObject): Promise<Line> {
  try {
    const row = folder.oracles?.get(path)
    const judged = row ? await judgeByHash(folder, path, object, row) : await judgeLive(folder, path, object)
    return { path, stage: 'stored', ...judged }
  } catch (error) {
    return refusal(folder, path, 'stored', error)
  }
}

type Judgement = Pick<Line, 'verdict' | 'detail'>

/** The hash over all frames against those in ORACLES.csv. */
async function judgeByHash(folder: Folder, path: string, object: DicomObject, row: OracleRow): Promise<Judgement> {
  const hash = await storedHash(object)
  const decision = decisions[path]?.by
  if (decision) {
    if ('refused' in decision) return { verdict: 'wrong', detail: `decoded, though ${decisions[path].why}` }
    const expected = 'oracle' in decision ? row[`hash_${decision.oracle}`] : await hashOf(join(folder.root, decision.sameAs))
    return { verdict: hash === expected ? 'right' : 'wrong', detail: `${decisions[path].why}; ours ${hash}, expected ${expected}` }
  }
  if (unusedBits.includes(path)) {
    const pixels = gdcmPixels(join(folder.root, path))
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

/** All frames against every decoder at hand: exact where lossless, within one where lossy. */
async function judgeLive({ root, oracle }: Folder, path: string, object: DicomObject): Promise<Judgement> {
  const samples = await oracle.writeSamples(object, imageAttributes(object).numberOfFrames)
  const answer = await oracle.compareStored(join(root, path), samples)
  if (typeof answer === 'string') return { verdict: 'unproven', detail: answer }
  const allowed = answer.lossy ? 1 : 0
  const said = Object.entries(answer.tools).flatMap(([tool, result]) => ('worst' in result ? [{ tool, worst: result.worst }] : []))
  const agreeing = said.filter(({ worst }) => worst >= 0 && worst <= allowed)
  const detail = Object.entries(answer.tools)
    .map(
      ([tool, result]) => `${tool}: ${'worst' in result ? (result.worst < 0 ? 'another shape' : `within ${result.worst}`) : result.error}`,
    )
    .join('; ')
  if (said.length === 0) return { verdict: 'unproven', detail: detail || 'no tool decodes this transfer syntax' }
  if (agreeing.length === said.length) return { verdict: 'right', detail }
  return { verdict: agreeing.length > 0 ? 'unproven' : 'wrong', detail: `${agreeing.length > 0 ? 'the tools disagree; ' : ''}${detail}` }
}

/** All frames against the formulas, and the first, the middle and the last against DCMTK where it can. */
async function compareShown(folder: Folder, path: string, object: DicomObject, stored: Line): Promise<Line> {
  const line = (verdict: Line['verdict'], detail: string): Line => ({ path, stage: 'display', verdict, detail })
  try {
    const full = join(folder.root, path)
    const { numberOfFrames } = imageAttributes(object)
    const decision = folder.known ? displayDecisions[path] : undefined
    const byFormulas = await compareFormulas(folder.oracle, full, object, numberOfFrames)
    const byDcmtk = []
    for (const frameIndex of new Set([0, numberOfFrames >> 1, numberOfFrames - 1]))
      byDcmtk.push(await compareDisplay(object, full, frameIndex))
    const compared = byDcmtk.flatMap((result) => (result.kind === 'compared' ? [result.worst] : []))
    const worst = Math.max(0, ...compared)
    if (typeof byFormulas === 'number' && byFormulas > 1) return line('wrong', `${byFormulas} from the formulas, ${worst} from DCMTK`)
    // Of two that disagree, a decision names the right one; without it, the one on our side proves nothing.
    if (worst > 1 && !folder.known && typeof byFormulas === 'number')
      return line('unproven', `the formulas agree, DCMTK differs by ${worst}`)
    if (worst > 1 && !(decision && worst <= decision.worst)) return line('wrong', `worst difference ${worst} from DCMTK`)
    if (folder.known && sameDisplay[path] && compared.length === 0) return await compareWithSame(folder, path, object)
    const formulas = typeof byFormulas === 'number' && stored.verdict === 'right'
    if (compared.length === 0 && !formulas) {
      const reason = byDcmtk.flatMap((result) => (result.kind === 'no-oracle' ? [result.reason] : []))[0]
      return line('unproven', `${reason}; ${typeof byFormulas === 'string' ? byFormulas : 'its stored values are unproven'}`)
    }
    const whom = [formulas && `the formulas, ${numberOfFrames} frames`, compared.length > 0 && `DCMTK, ${compared.length}`].filter(Boolean)
    return line('right', worst > 1 ? decision!.why : whom.join('; '))
  } catch (error) {
    return refusal(folder, path, 'display', error)
  }
}

/** The largest difference over all frames; or why the formulas cannot be asked. */
async function compareFormulas(oracle: PixelOracle, full: string, object: DicomObject, frames: number): Promise<number | string> {
  const expected = await oracle.display(full, await oracle.writeSamples(object, frames))
  if (typeof expected === 'string') return expected
  let worst = 0
  let at = 0
  for (let frameIndex = 0; frameIndex < frames; frameIndex++) {
    const { samples } = await decodeFrame(object, frameIndex, 'display')
    worst = Math.max(worst, worstDifference(samples, expected.subarray(at, at + samples.length)))
    at += samples.length
  }
  return at === expected.length ? worst : 255
}

/** All frames against those of the file that shows the same picture; lossless, so that nothing may differ but by rounding. */
async function compareWithSame({ root }: Folder, path: string, object: DicomObject): Promise<Line> {
  const source = fileSource(join(root, sameDisplay[path]))
  try {
    const other = readDicomObject(source)
    let worst = 0
    for (let frameIndex = 0; frameIndex < imageAttributes(object).numberOfFrames; frameIndex++) {
      const ours = (await decodeFrame(object, frameIndex, 'display')).samples
      const theirs = (await decodeFrame(other, frameIndex, 'display')).samples
      worst = Math.max(worst, worstDifference(ours, theirs))
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
