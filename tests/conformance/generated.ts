/** Objects made by generate.py, with the values that they hold: our three stages against these. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OverreadError } from '../../contracts/errors'
import type { FrameStage } from '../../contracts/frame'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { generatedDecisions } from './decisions'
import type { FamilyCount } from './report'

interface GeneratedCase {
  readonly name: string
  readonly family: string
  readonly frames: number
  /** The tool that compressed it; empty where the generator wrote it itself. */
  readonly origin: string
  readonly refused: string | null
}

const stages = ['stored', 'modality', 'display'] as const

/** @param keep a folder to make the objects in, or to find them in; null for one that goes */
export async function compareGenerated(
  seed: string,
  only: string,
  keep: string | null,
): Promise<{ readonly families: readonly FamilyCount[]; readonly wrong: readonly string[] }> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'overread-generated-'))
  try {
    const script = fileURLToPath(new URL('../../tests/conformance/generate.py', import.meta.url))
    if (!existsSync(join(folder, 'cases.json'))) {
      const { status, stderr } = spawnSync('/usr/bin/python3', [script, folder, seed], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`generate.py: ${stderr.slice(-2000)}`)
    }
    const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as GeneratedCase[]
    const wrong: string[] = []
    const counts = new Map<string, { cases: number; wrong: number }>()
    for (const one of cases.filter(({ name }) => name.includes(only))) {
      const faults = await compareCase(folder, one)
      const count = counts.get(one.family) ?? { cases: 0, wrong: 0 }
      counts.set(one.family, count)
      count.cases++
      if (faults.length === 0 || generatedDecisions.some(({ name }) => name.test(one.name))) continue
      count.wrong++
      wrong.push(`${one.name}: ${faults.join('; ')}`)
    }
    return { families: [...counts].map(([family, count]) => ({ family, ...count })), wrong }
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
}

async function compareCase(folder: string, { name, frames, refused }: GeneratedCase): Promise<string[]> {
  const source = fileSource(join(folder, `${name}.dcm`))
  const faults: string[] = []
  try {
    const object = readDicomObject(source)
    for (const stage of stages) {
      const expected = expectedValues(join(folder, `${name}.${stage}`), stage)
      if (refused ? stage === 'stored' : !expected) continue
      let at = 0
      for (let frameIndex = 0; frameIndex < frames; frameIndex++) {
        const { samples } = await decodeFrame(object, frameIndex, stage)
        if (refused) return [`${stage}: shown, though it is to be refused`]
        const fault = firstDifference(samples, expected!, at, stage)
        if (fault) faults.push(`${stage} of frame ${frameIndex + 1}: ${fault}`)
        at += samples.length
      }
      if (expected && at !== expected.length) faults.push(`${stage}: ${at} samples of ${expected.length}`)
    }
  } catch (error) {
    const code = error instanceof OverreadError ? error.code : 'no code'
    if (code !== refused) faults.push(`refused: ${code} ${error instanceof OverreadError ? error.detail : String(error)}`)
    else faults.length = 0
  } finally {
    source.close()
  }
  return faults.slice(0, 3)
}

function expectedValues(path: string, stage: FrameStage): Float64Array | Uint8Array | null {
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  return stage === 'display' ? bytes : new Float64Array(Uint8Array.from(bytes).buffer)
}

/** Stored values are equal, modality values to the precision of a float, display values to one grey level. */
function firstDifference(samples: ArrayLike<number>, expected: ArrayLike<number>, at: number, stage: FrameStage): string | null {
  let differing = 0
  let worst = 0
  let first = ''
  for (let i = 0; i < samples.length; i++) {
    const [ours, theirs] = [samples[i], expected[at + i]]
    if (Object.is(ours, theirs)) continue
    const difference = Math.abs(ours - theirs)
    const allowed = stage === 'stored' ? 0 : stage === 'display' ? 1 : 1e-7 * Math.max(1e-30, Math.abs(theirs))
    if (difference <= allowed) continue
    if (differing++ === 0) first = `sample ${i} is ${ours}, not ${theirs}`
    worst = Math.max(worst, difference)
  }
  return differing === 0 ? null : `${differing} of ${samples.length} differ by up to ${worst}; ${first}`
}
