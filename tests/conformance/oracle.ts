/** The Python process that answers for pydicom, GDCM, DCMTK, OpenJPH and the formulas of the standard. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { SampleType } from '../../contracts/frame'
import type { DicomObject } from '../../main/dicom/dicom-object'
import { decodeFrame } from '../../main/pixels/decode-frame'
import { bytesOf } from './stored'

/** What a tool makes of the samples: the largest difference, -1 where not even the shape agrees, or why it cannot say. */
export type ToolAnswer = { readonly worst: number } | { readonly error: string }

/** The stored samples of all frames in a file. */
export interface SamplesFile {
  readonly raw: string
  readonly type: SampleType
  readonly frames: number
}

export class PixelOracle {
  readonly #folder = mkdtempSync(join(tmpdir(), 'overread-oracle-'))
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting: ((line: string) => void)[] = []

  constructor() {
    const script = fileURLToPath(new URL('../../tests/conformance/pixel-oracle.py', import.meta.url))
    this.#process = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'ignore'] })
    createInterface(this.#process.stdout).on('line', (line) => this.#waiting.shift()?.(line))
    const gone = () => {
      for (const answer of this.#waiting.splice(0)) answer('{"error":"the oracle process is gone"}')
    }
    this.#process.on('error', gone).on('exit', gone)
    this.#process.stdin.on('error', gone)
  }

  async writeSamples(object: DicomObject, frames: number): Promise<SamplesFile> {
    const raw = join(this.#folder, 'samples')
    const file = openSync(raw, 'w')
    let type: SampleType = 'uint8'
    try {
      for (let frameIndex = 0; frameIndex < frames; frameIndex++) {
        const { samples, description } = await decodeFrame(object, frameIndex, 'stored')
        type = description.type
        writeSync(file, bytesOf(samples))
      }
    } finally {
      closeSync(file)
    }
    return { raw, type, frames }
  }

  /** The samples against every tool that decodes the file, by tool. */
  async compareStored(path: string, samples: SamplesFile): Promise<{ tools: Record<string, ToolAnswer>; lossy: boolean } | string> {
    const answer = await this.#ask({ op: 'stored', path, ...samples })
    return typeof answer['error'] === 'string' ? answer['error'] : (answer as { tools: Record<string, ToolAnswer>; lossy: boolean })
  }

  /** The display values of all frames, by the formulas; or why there are none. */
  async display(path: string, samples: SamplesFile): Promise<Uint8Array | string> {
    const answer = await this.#ask({ op: 'display', path, ...samples })
    return typeof answer['error'] === 'string' ? answer['error'] : readFileSync(`${samples.raw}.display`)
  }

  close(): void {
    this.#process.stdin.end()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #ask(request: object): Promise<Record<string, unknown>> {
    if (this.#process.exitCode !== null) return { error: 'the oracle process is gone' }
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve)
      this.#process.stdin.write(`${JSON.stringify(request)}\n`)
    })
    return JSON.parse(line) as Record<string, unknown>
  }
}
