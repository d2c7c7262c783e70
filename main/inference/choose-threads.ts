/** How many threads a network runs best on, measured on this machine. */
import type { GoldenInput } from './golden-case'
import type { EngineSession } from './onnx-session'

/** Fewer threads within this of the fastest leave cores to the window and the workers. */
const asGood = 1.05
/** Rounds after the one that warms up. A run is never faster than the machine allows, so the least of a few says enough. */
const rounds = 3
/** No round begins after this, ms: the reader waits for the first picture. */
const enoughMs = 1500
/** Sessions open at once while they are compared: each holds the weights and its own arenas. */
const mostCandidates = 5
/** What others may take of all cores meanwhile: with half of them taken, one thread always wins. */
const mostByOthers = 0.1

/** `most` and powers of two below it, rising. */
export function threadCandidates(most: number): number[] {
  const candidates: number[] = []
  for (let threads = 1; threads < most; threads *= 2) candidates.push(threads)
  return [...candidates, most].slice(-mostCandidates)
}

export interface Surroundings {
  /** ms */
  readonly now: () => number
  /** Starts to watch; the answer is the share of all cores that other processes took since. */
  readonly watchOthers: () => () => number
}

export interface ChosenSession {
  readonly session: EngineSession
  readonly threads: number
  /** False where others kept the machine so busy that nothing was learned: then these are the most threads. */
  readonly measured: boolean
}

interface Candidate {
  readonly threads: number
  readonly session: EngineSession
  least: number
}

/**
 * Opens a session for each candidate, runs `input` on them in turns, keeps the session with the fewest threads that is
 * within 5 % of the fastest, and releases the others.
 *
 * @throws what opening or running a session throws; none stays open then.
 */
export async function chooseThreads(
  candidates: readonly number[],
  open: (threads: number) => Promise<EngineSession>,
  input: GoldenInput,
  surroundings: Surroundings,
): Promise<ChosenSession> {
  const opened: Candidate[] = []
  let chosen: Candidate | undefined
  try {
    for (const threads of candidates) opened.push({ threads, session: await open(threads), least: Infinity })
    const byOthers = surroundings.watchOthers()
    if (opened.length > 1) await measure(opened, input, surroundings.now)
    const measured = byOthers() <= mostByOthers
    const fastest = Math.min(...opened.map(({ least }) => least))
    chosen = (measured && opened.find(({ least }) => least <= fastest * asGood)) || opened.at(-1)!
    return { session: chosen.session, threads: chosen.threads, measured }
  } finally {
    for (const candidate of opened) if (candidate !== chosen) await candidate.session.release()
  }
}

async function measure(candidates: readonly Candidate[], { values, shape }: GoldenInput, now: () => number): Promise<void> {
  const start = now()
  for (let round = 0; round <= rounds && (round <= 1 || now() - start < enoughMs); round++) {
    for (const candidate of candidates) {
      const began = now()
      await candidate.session.run(values, shape)
      if (round > 0) candidate.least = Math.min(candidate.least, now() - began)
    }
  }
}
