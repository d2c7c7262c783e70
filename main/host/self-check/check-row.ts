/** One row of the self-check: what a check says, or the fault it ends with, and how long it took. */
import { performance } from 'node:perf_hooks'
import { OverreadError, reportOf } from '../../../contracts/errors'
import type { SelfCheckRow } from '../../../contracts/self-check'

export type Subject = Pick<SelfCheckRow, 'kind' | 'name' | 'provider'>
export type Answer = Pick<SelfCheckRow, 'state' | 'sentence' | 'code'>

/** A check that has not begun; null where it turns out not to come into question. */
export type Check = () => Promise<SelfCheckRow | null>

export const passed = (sentence: string): Answer => ({ state: 'passed', sentence, code: null })

/** @throws OverreadError 'compute.cancelled' alone; any other fault is the row's. */
export async function checkRow(subject: Subject, look: () => Promise<Answer> | Answer): Promise<SelfCheckRow> {
  const start = performance.now()
  const answer = await answerOf(look)
  return { ...subject, ...answer, ms: performance.now() - start }
}

async function answerOf(look: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof OverreadError && error.code === 'compute.cancelled') throw error
    const { code, message } = reportOf(error)
    return { state: 'failed', sentence: message.replace(/\.$/, '').slice(0, 1200), code }
  }
}
