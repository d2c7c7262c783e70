/** Proves on this machine that what Overread computes is right: one check after the other, each with its row. */
import { OverreadError } from '../../../contracts/errors'
import type { SelfCheckRow } from '../../../contracts/self-check'
import type { InstalledModel } from '../../networks/catalogue'
import { archiveCheck, type AskArchive } from './archive-checks'
import type { Check } from './check-row'
import { decoderChecks, type Decoders } from './decoder-checks'
import { lutChecks } from './lut-checks'
import { modelChecks, type ModelProof } from './model-checks'

export interface SelfChecked extends ModelProof {
  readonly decoders: Decoders
  readonly models: readonly InstalledModel[]
  /** Null: none is open. */
  readonly askArchive: AskArchive | null
}

export interface SelfCheckOptions extends SelfChecked {
  onProgress?(done: number, total: number): void
}

/** Every check, in the order of the table. */
export function checksOf({ decoders, models, askArchive, ...proof }: SelfChecked): Check[] {
  const archive = askArchive === null ? [] : [archiveCheck(askArchive)]
  return [...decoderChecks(decoders), ...lutChecks(), ...archive, ...modelChecks(models, proof)]
}

/** @throws OverreadError 'compute.cancelled' */
export async function selfCheck({ onProgress, ...checked }: SelfCheckOptions): Promise<SelfCheckRow[]> {
  const checks = checksOf(checked)
  const rows: SelfCheckRow[] = []
  for (const [index, check] of checks.entries()) {
    if (checked.signal?.aborted) throw new OverreadError('compute.cancelled')
    const row = await check()
    if (row) rows.push(row)
    onProgress?.(index + 1, checks.length)
  }
  return rows
}
