/** The affines of series against dcm2niix's, whose NIfTI axes are RAS+ and whose rows may be flipped. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstanceFacts } from '../../contracts/dicom-facts'
import { fileSource } from '../../main/base/byte-source'
import { readDicomObject } from '../../main/dicom/dicom-object'
import { instanceFacts } from '../../main/dicom/header-facts'
import { voxelToPatient, type Affine } from '../../main/geometry/affine'
import { orderSeries } from '../../main/geometry/series-order'

export interface AffineResult {
  readonly folder: string
  readonly verdict: 'right' | 'wrong' | 'unproven'
  readonly detail: string
}

/** Compares the corners of the one series in a folder. */
export function compareAffine(folder: string): AffineResult {
  const facts: InstanceFacts[] = []
  for (const name of readdirSync(folder).sort()) {
    try {
      const source = fileSource(join(folder, name))
      try {
        facts.push(instanceFacts(readDicomObject(source)))
      } finally {
        source.close()
      }
    } catch {
      // What is no object is none for dicom2niix either.
    }
  }
  const series = new Set(facts.map(({ seriesInstanceUid }) => seriesInstanceUid))
  const order = orderSeries(facts)
  if (series.size !== 1 || !order.affine)
    return { folder, verdict: 'unproven', detail: `${series.size} series, ${order.remarks.map(({ code }) => code).join() || 'no affine'}` }
  const theirs = niftiOf(folder)
  if (typeof theirs === 'string') return { folder, verdict: 'unproven', detail: theirs }
  const { rows, columns } = facts[0].image!
  const size = [columns, rows, order.slices.length]
  if (size.some((extent, axis) => extent !== theirs.size[axis]))
    return { folder, verdict: 'unproven', detail: `dcm2niix makes ${theirs.size.join(' × ')}, we ${size.join(' × ')}` }
  // Which of our corners each of theirs is: dcm2niix flips rows, and slices where it likes.
  const corners = (affine: Affine) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
      voxelToPatient(affine, [bits & 1 ? columns - 1 : 0, bits & 2 ? rows - 1 : 0, bits & 4 ? size[2] - 1 : 0]),
    )
  const ours = corners(order.affine)
  const off = corners(theirs.affine).map((corner) =>
    Math.min(...ours.map((own) => Math.hypot(own[0] - corner[0], own[1] - corner[1], own[2] - corner[2]))),
  )
  const worst = Math.max(...off)
  // Within 1e-4 in each element of the affine: an index of some hundreds multiplies it.
  const right = worst <= 1e-4 * Math.max(...size)
  return { folder, verdict: right ? 'right' : 'wrong', detail: `corners within ${worst.toExponential(1)} mm` }
}

/** The first volume that dcm2niix makes, its affine in LPS+. */
function niftiOf(folder: string): { size: number[]; affine: Affine } | string {
  const out = mkdtempSync(join(tmpdir(), 'overread-conformance-'))
  try {
    spawnSync('dcm2niix', ['-b', 'n', '-z', 'n', '-m', 'n', '-f', 'volume', '-o', out, folder])
    const made = readdirSync(out).filter((name) => name.endsWith('.nii'))
    if (made.length !== 1) return `dcm2niix makes ${made.length} volumes`
    const header = readFileSync(join(out, made[0])).subarray(0, 348)
    const size = [0, 1, 2].map((axis) => header.readInt16LE(42 + axis * 2))
    const row = (index: number, sign: number) => [0, 1, 2, 3].map((column) => sign * header.readFloatLE(280 + index * 16 + column * 4))
    return { size, affine: [...row(0, -1), ...row(1, -1), ...row(2, 1), 0, 0, 0, 1] }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
