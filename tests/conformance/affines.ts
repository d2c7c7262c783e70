/** The affines of series against dcm2niix's, whose NIfTI axes are RAS+ and whose rows may be flipped. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, dirname } from 'node:path'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { voxelToPatient, type Affine } from '../../main/geometry/affine'
import { seriesFrames, type SeriesFrame } from '../../main/geometry/series-frame'
import { orderFrames } from '../../main/geometry/series-order'
import { displayStacks } from '../../main/geometry/series-split'

export interface FactsOfFile {
  readonly path: string
  readonly facts: InstanceFacts
}

export interface AffineResult {
  /** The folder of the series, or the one file that holds it. */
  readonly name: string
  readonly verdict: 'right' | 'refused' | 'wrong' | 'unproven'
  readonly detail: string
}

export interface StackOfFiles {
  readonly name: string
  readonly paths: readonly string[]
  readonly frames: readonly SeriesFrame[]
}

/** What the product shows as one stack, of each series in each folder that has pictures at several places. */
export function stacks(root: string, files: readonly FactsOfFile[]): StackOfFiles[] {
  const series = new Map<string, FactsOfFile[]>()
  for (const file of files.filter(({ facts }) => facts.image)) {
    const key = `${dirname(file.path)} ${file.facts.seriesInstanceUid}`
    const found = series.get(key)
    if (found) found.push(file)
    else series.set(key, [file])
  }
  const folders = [...series.values()].map(([first]) => dirname(first.path))
  return [...series.values()]
    .filter((members) => places(seriesFrames(members.map(({ facts }) => facts))) > 1)
    .flatMap((members) => {
      const folder = dirname(members[0].path)
      const alone = folders.filter((name) => name === folder).length === 1
      const name = relative(root, alone && members.length > 1 ? folder : members[0].path)
      return displayStacks(seriesFrames(members.map(({ facts }) => facts))).map(({ frames, reason }) => ({
        name: reason === '' ? name : `${name} (${reason})`,
        paths: members.map(({ path }) => path),
        frames,
      }))
    })
    .filter(({ frames }) => places(frames) > 1)
}

function places(frames: readonly SeriesFrame[]): number {
  return new Set(frames.flatMap(({ geometry }) => (geometry?.position ? [geometry.position.join()] : []))).size
}

/** Compares the corners of a stack's volume with those that dcm2niix makes. Where we offer none, that is a refusal, and the remarks are its reason. */
export function compareAffine({ name, paths, frames }: StackOfFiles): AffineResult {
  const order = orderFrames(frames)
  if (!order.affine) {
    const why = order.remarks.map(({ sentence }) => sentence).join(' ') || 'no even stack of equal pictures'
    return { name, verdict: 'refused', detail: `no volume: ${why}` }
  }
  const theirs = niftiOf(paths)
  if (theirs.length === 0) return { name, verdict: 'unproven', detail: 'dcm2niix makes no volume' }
  const { rows, columns } = frames[0].instance.image!
  const size = [columns, rows, order.slices.length]
  const alike = theirs.filter((volume) => size.every((extent, axis) => extent === volume.size[axis]))
  if (alike.length === 0)
    return {
      name,
      verdict: 'unproven',
      detail: `dcm2niix makes ${theirs.map((volume) => volume.size.join(' × ')).join(', ')}, we ${size.join(' × ')}`,
    }
  // Which of our corners each of theirs is: dcm2niix flips rows, and slices where it likes.
  const corners = (affine: Affine) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
      voxelToPatient(affine, [bits & 1 ? columns - 1 : 0, bits & 2 ? rows - 1 : 0, bits & 4 ? size[2] - 1 : 0]),
    )
  const ours = corners(order.affine)
  const worstOf = (affine: Affine) =>
    Math.max(
      ...corners(affine).map((corner) =>
        Math.min(...ours.map((own) => Math.hypot(own[0] - corner[0], own[1] - corner[1], own[2] - corner[2]))),
      ),
    )
  const worst = Math.min(...alike.map(({ affine }) => worstOf(affine)))
  // Within 1e-4 in each element of the affine: an index of some hundreds multiplies it.
  const right = worst <= 1e-4 * Math.max(...size)
  return { name, verdict: right ? 'right' : 'wrong', detail: `${size.join(' × ')}, corners within ${worst.toExponential(1)} mm` }
}

/** The volumes that dcm2niix makes of these files, their affines in LPS+. */
function niftiOf(paths: readonly string[]): { size: number[]; affine: Affine }[] {
  const out = mkdtempSync(join(tmpdir(), 'overread-conformance-'))
  const source = mkdtempSync(join(tmpdir(), 'overread-conformance-'))
  try {
    paths.forEach((path, index) => symlinkSync(path, join(source, `${index}-${basename(path)}`)))
    spawnSync('dcm2niix', ['-b', 'n', '-z', 'n', '-m', 'n', '-f', 'volume', '-o', out, source])
    return readdirSync(out)
      .filter((name) => name.endsWith('.nii'))
      .map((name) => {
        const header = readFileSync(join(out, name)).subarray(0, 348)
        const size = [0, 1, 2].map((axis) => header.readInt16LE(42 + axis * 2))
        const row = (index: number, sign: number) => [0, 1, 2, 3].map((column) => sign * header.readFloatLE(280 + index * 16 + column * 4))
        return { size, affine: [...row(0, -1), ...row(1, -1), ...row(2, 1), 0, 0, 0, 1] }
      })
  } finally {
    rmSync(out, { recursive: true, force: true })
    rmSync(source, { recursive: true, force: true })
  }
}
