/** Every row of the self-check can pass and can fail. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { OverreadError } from '../../../../contracts/errors'
import { hasFailure, selfCheckRowSchema, type SelfCheckRow } from '../../../../contracts/self-check'
import type { Check } from '../../../../main/host/self-check/check-row'
import { quickCheck } from '../../../../main/archive/quick-check'
import { archiveCheck } from '../../../../main/host/self-check/archive-checks'
import { decoderCases, decoderChecks, type Decoders } from '../../../../main/host/self-check/decoder-checks'
import { lutCases, lutChecks } from '../../../../main/host/self-check/lut-checks'
import { modelChecks, type Prover } from '../../../../main/host/self-check/model-checks'
import { tasks } from '../../../../main/host/tasks'
import { otherEngine } from '../../../../main/inference/providers'
import type { InstalledModel } from '../../../../main/networks/catalogue'
import { installedModel } from '../../../installed-model'
import { identityPackage } from '../../../integration/inference/tiny-packages'

async function rowsOf(checks: readonly Check[]): Promise<SelfCheckRow[]> {
  const rows: SelfCheckRow[] = []
  for (const check of checks) {
    const row = await check()
    if (row) rows.push(selfCheckRowSchema.parse(row))
  }
  return rows
}

/** In this thread. */
const decoders: Decoders = {
  run: async (name, input) => {
    const run = tasks[name] as (given: typeof input) => Promise<{ value: never }>
    return (await run(input)).value
  },
}

describe('decoders', () => {
  test.each(decoderCases)('$name gives the values that were encoded', async (decoder) => {
    expect(await rowsOf(decoderChecks(decoders, [decoder]))).toMatchObject([{ state: 'passed', code: null }])
  })
  test('other values fail', async () => {
    const [{ sha256 }, other] = decoderCases
    expect(await rowsOf(decoderChecks(decoders, [{ ...other, sha256 }]))).toMatchObject([{ state: 'failed', code: 'self-check.values' }])
  })
  test('a stream that cannot be decoded fails with its code', async () => {
    const cut = { ...decoderCases[5], object: decoderCases[5].object.slice(0, 1200) }
    const [row] = await rowsOf(decoderChecks(decoders, [cut]))
    expect(row.state).toBe('failed')
    expect(row.code).not.toBe('internal')
  })
})

describe('look-up tables', () => {
  test.each(lutCases)('$name', async (lut) => {
    expect(await rowsOf(lutChecks([lut]))).toMatchObject([{ state: 'passed' }])
  })
  test('another value fails, and so does one too few', async () => {
    const [first] = lutCases
    const wrong = [
      { ...first, expected: first.expected.map((value) => value + 1) },
      { ...first, given: () => first.given().slice(1) },
    ]
    expect(await rowsOf(lutChecks(wrong))).toMatchObject([{ state: 'failed', code: 'self-check.values' }, { state: 'failed' }])
  })
})

test('an archive that is not there fails, without its folder in the sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overread-named-person-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [row] = await rowsOf([archiveCheck(() => quickCheck(folder))])
  expect(row).toMatchObject({ state: 'failed', code: 'archive.absent' })
  expect(row.sentence).not.toContain('named-person')
})

describe('networks', () => {
  const usable = installedModel(identityPackage(8, { id: 'tiny' }), '/packages/tiny')
  const answers = (prove: Prover['prove']) =>
    rowsOf(modelChecks([usable], { compute: { prove }, providers: ['cuda', 'cpu'], absence: () => null }))

  test('each provider that repeats the golden case passes', async () => {
    const rows = await answers(async () => null)
    expect(rows.map(({ provider, state }) => [provider, state])).toEqual([
      [null, 'passed'],
      ['cuda', 'passed'],
      ['cpu', 'passed'],
    ])
  })
  test('one that differs fails and is said not to be used', async () => {
    const rows = await answers(async (_model, provider) => (provider === 'cuda' ? 'map differs by 0.25 from the golden case' : null))
    expect(rows[1]).toMatchObject({ provider: 'cuda', state: 'failed', code: 'self-check.values' })
    expect(rows[1].sentence).toMatch(/differs by 0\.25 from the golden case, therefore not used/)
    expect(hasFailure(rows)).toBe(true)
  })
  test('one that cannot be had is absent, and the CPU must be there', async () => {
    const rows = await answers(async () => {
      throw new OverreadError('inference.provider', 'no library')
    })
    expect(rows.slice(1).map(({ state }) => state)).toEqual(['absent', 'failed'])
  })
  test('one of another engine has no row', async () => {
    const rows = await answers(async (_model, provider) => {
      if (provider === 'cuda') throw new OverreadError('inference.provider', otherEngine)
      return null
    })
    expect(rows.map(({ provider }) => provider)).toEqual([null, 'cpu'])
  })
  test('of a translated network TensorFlow.js has a row only where the CPU does not repeat the golden case', async () => {
    const converted = installedModel(identityPackage(8, { id: 'tiny', engine: 'tfjs', weightFiles: ['weights.bin'] }), '/packages/tiny')
    const states = async (fault: string | null) => {
      const prove: Prover['prove'] = async (_model, provider) => (provider === 'cpu' ? fault : null)
      const rows = await rowsOf(modelChecks([converted], { compute: { prove }, providers: ['cpu', 'tfjs-wasm'], absence: () => null }))
      return rows.map(({ provider, state }) => [provider, state])
    }
    expect(await states(null)).toEqual([[null, 'passed'], ['cpu', 'passed']]) // prettier-ignore
    expect(await states('map differs')).toEqual([[null, 'passed'], ['cpu', 'failed'], ['tfjs-wasm', 'passed']]) // prettier-ignore
  })
  test('a backend of TensorFlow.js that lacks an operator is no fault where the next has it, and one where none has', async () => {
    const converted = installedModel(identityPackage(8, { id: 'tiny', engine: 'tfjs', weightFiles: ['weights.bin'] }), '/packages/tiny')
    const lacking = async (...backends: string[]) => {
      const prove: Prover['prove'] = async (_model, provider) => {
        if (backends.includes(provider)) throw new OverreadError('model.operators', 'Einsum')
        return null
      }
      const providers = ['tfjs-wasm', 'tfjs-cpu'] as const
      return (await rowsOf(modelChecks([converted], { compute: { prove }, providers, absence: () => null }))).slice(1)
    }
    expect(await lacking('tfjs-wasm')).toMatchObject([{ state: 'absent', sentence: 'Not there: it lacks Einsum' }, { state: 'passed' }])
    expect(await lacking('tfjs-wasm', 'tfjs-cpu')).toMatchObject([{ state: 'absent' }, { state: 'failed', code: 'model.operators' }])
  })
  test('one that ends the computing process fails', async () => {
    const rows = await answers(async () => {
      throw new OverreadError('compute.died', 'signal SIGSEGV')
    })
    expect(rows[1]).toMatchObject({ state: 'failed', code: 'compute.died' })
  })
  test('a package that cannot be used fails and is run nowhere', async () => {
    const broken: InstalledModel = {
      ...usable,
      valid: false,
      package: null,
      error: new OverreadError('model.hash', 'model.onnx').toReport(),
    }
    const rows = await rowsOf(modelChecks([broken], { compute: { prove: async () => null }, providers: ['cpu'] }))
    expect(rows).toMatchObject([{ state: 'failed', code: 'model.hash', provider: null }])
  })
  test('a cancel ends the check', async () => {
    const cancelled = answers(async () => {
      throw new OverreadError('compute.cancelled')
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'compute.cancelled' })
  })
})
