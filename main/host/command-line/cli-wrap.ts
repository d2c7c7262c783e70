/** Wrapping a bare network, for the command line. */
import { readFile, stat } from 'node:fs/promises'
import { OverreadError } from '../../../contracts/errors'
import type { ModelPackage } from '../../../contracts/model-package'
import type { Answers, Question } from '../../networks/wrap/question'
import { ComputeClient } from '../compute/compute-client'
import { computeStarter } from '../compute/start-compute'
import { findNetworkToWrap, openQuestion, questionsFor, writeWrapped, type BeforeTrial, type NetworkToWrap } from '../models/wrap-network'
import { hostPaths } from '../paths'

export interface WrapRequest extends BeforeTrial {
  readonly out: string
  readonly answers: Answers
  /** Asks for one answer; null: nobody can be asked. */
  readonly ask: ((question: Question, fault: string | null) => Promise<string>) | null
}

export type Wrapped = { readonly package: ModelPackage } | { readonly missing: readonly Question[] }

/** @throws what finding, trying and writing the network throw. */
export async function wrapNetwork(entry: string, { out, answers, ask, ...network }: WrapRequest): Promise<Wrapped> {
  const compute = new ComputeClient(computeStarter(hostPaths(entry).compute))
  try {
    const found = await findNetworkToWrap(network, compute)
    const unknown = unknownKey(found, answers)
    if (unknown !== null) throw new OverreadError('model.wrap', `there is no question ${unknown}`)
    const complete = ask ? await askAll(found, answers, ask) : answers
    const missing = unanswered(found, complete)
    if (missing.length > 0) return { missing }
    return { package: await writeWrapped(found, complete, out, compute) }
  } finally {
    await compute.close()
  }
}

const mostAnswerBytes = 1 << 20

/** Answers by their key. @throws OverreadError 'model.wrap' where the file is not an object of texts and numbers. */
export async function readAnswers(path: string): Promise<Answers> {
  const size = (await stat(path).catch(() => null))?.size
  if (size === undefined || size > mostAnswerBytes) throw new OverreadError('file.unreadable', path)
  try {
    const content = JSON.parse(await readFile(path, 'utf8')) as unknown
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new TypeError('no object')
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, textOf(value)]))
  } catch (error) {
    throw new OverreadError('model.wrap', 'the answers are no JSON object of texts and numbers', { cause: error })
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new TypeError('no text')
}

/** A misspelt key must not pass for an answer. */
function unknownKey(network: NetworkToWrap, answers: Answers): string | null {
  const keys = new Set(questionsFor(network, answers).map(({ key }) => key))
  return Object.keys(answers).find((key) => !keys.has(key)) ?? null
}

async function askAll(network: NetworkToWrap, known: Answers, ask: NonNullable<WrapRequest['ask']>): Promise<Answers> {
  const answers: Record<string, string> = { ...known }
  const seen = new Set(Object.keys(known))
  for (;;) {
    const open = openQuestion(network, answers)
    const again = open !== null && seen.has(open.question.key)
    // What is suggested is asked as well, so that a person may say otherwise.
    const next = again ? open.question : questionsFor(network, answers).find(({ key }) => !seen.has(key))
    if (!next) return answers
    const answer = await ask(next, again ? open.fault : null)
    if (answer.trim() !== '') answers[next.key] = answer.trim()
    seen.add(next.key)
  }
}

/** Every question that has no answer that does, as far as it is known which will be asked. */
function unanswered(network: NetworkToWrap, answers: Answers): Question[] {
  return questionsFor(network, answers).filter((question) => {
    const answer = Object.hasOwn(answers, question.key) ? answers[question.key] : question.suggestion
    return answer === null || question.fault(answer) !== null
  })
}
