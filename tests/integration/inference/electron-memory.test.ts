/** Volumes in the memory of Electron, whose allocator ends a process that asks for a piece of more than a gigabyte. */
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../../main/base/hashing'
import { forkChannel } from '../../../main/host/channel'
import { ComputeClient } from '../../../main/host/compute/compute-client'
import { classesAtOnce } from '../../../main/inference/volume/class-head'
import { computeScript, rejection } from './engine'
import { modelOf } from './onnx-writer'
import { npy } from './tiny-packages'
import { volumePackage } from './volume-packages'

const runtime = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? ''
const folder = mkdtempSync(join(tmpdir(), 'overread-electron-memory-'))
const golden = [2, 2, 2]

/** A network of so many classes, whose score is the class's number times the value: the last wins where that is above 0. */
function writeMany(name: string, classes: number): { folder: string; sha256: string } {
  const own = join(folder, name)
  const weights = Array.from({ length: classes }, (_, number) => number / 4)
  const graph = modelOf({
    nodes: [{ op: 'Conv', inputs: ['volume', 'weights'], outputs: ['scores'] }],
    weights: [{ name: 'weights', shape: [classes, 1, 1, 1, 1], values: weights }],
    inputs: { volume: [1, 1, -1, -1, -1] },
    outputs: { scores: [1, classes, -1, -1, -1] },
  })
  const labels = weights.map((_, number) => ({ name: `label-${number}`, title: `Label ${number}`, colour: '#ff0000' }))
  const model = { ...volumePackage(), sha256: sha256(graph), outputs: [{ name: 'scores', kind: 'label-map', labels }] }
  const input = Float32Array.from({ length: 8 }, (_, at) => at / 4)
  mkdirSync(join(own, 'golden'), { recursive: true })
  writeFileSync(join(own, 'model.onnx'), graph)
  writeFileSync(join(own, 'model.json'), JSON.stringify(model))
  writeFileSync(join(own, 'card.md'), '# Many classes\n')
  writeFileSync(join(own, 'golden', 'input.npy'), npy(golden, input))
  writeFileSync(join(own, 'golden', 'scores.npy'), npy([1, classes, ...golden], weights.flatMap((weight) => [...input].map((v) => weight * v)))) // prettier-ignore
  return { folder: own, sha256: model.sha256 }
}

describe.skipIf(runtime === '')('in Electron', () => {
  let client: ComputeClient
  beforeAll(() => {
    const execPath = join(runtime, process.platform === 'win32' ? 'electron.exe' : 'electron')
    client = new ComputeClient(async () => {
      const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
      return forkChannel(fork(computeScript, [], { execPath, env, serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] }))
    })
  })
  afterAll(async () => {
    await client?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const scale = { low: 0, high: 1, clip: false }

  test('a hundred classes of a box as large as a head are told apart', async () => {
    const side = 140
    const values = Uint8Array.from({ length: side ** 3 }, (_, at) => at % 2)
    const prepared = await client.prepare(writeMany('many', 104), 'cpu')
    const { labels } = await client.runVolume(prepared, { sides: [side, side, side], scale, values })
    expect(labels.subarray(0, 4)).toEqual(Uint8Array.of(0, 103, 0, 103))
    expect(labels.every((label, at) => label === (at % 2) * 103)).toBe(true)
  })

  test('a layer of more than a gigabyte is refused, and ends nothing', async () => {
    const sides = [210, 210, 208] as const
    const values = new Uint8Array(sides[0] * sides[1] * sides[2])
    const prepared = await client.prepare(writeMany('few', classesAtOnce), 'cpu')
    await expect(client.runVolume(prepared, { sides, scale, values })).rejects.toEqual(rejection('inference.memory', /one piece/))
    const small = Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1)
    const { labels } = await client.runVolume(prepared, { sides: [2, 2, 2], scale, values: small })
    expect([...labels]).toEqual([0, 31, 0, 31, 0, 31, 0, 31])
  })
})
