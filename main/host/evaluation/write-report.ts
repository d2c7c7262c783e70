/** The report of an evaluation as a file. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeAtomically } from '../../base/atomic-write'
import type { Evaluation } from '../../evaluation/evaluation'
import { reportPage } from '../../evaluation/report/page'

/** A name of its own each time: an earlier report is never overwritten unless it is named. */
export function reportFileName({ model, createdAt }: Evaluation): string {
  return `overread-evaluation-${model.id}-${model.version}-${createdAt.replace(/[-:]/g, '').replace(/\.\d+/, '')}.html`
}

export async function writeReport(path: string, evaluation: Evaluation): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  writeAtomically(path, [new TextEncoder().encode(reportPage(evaluation))])
}
