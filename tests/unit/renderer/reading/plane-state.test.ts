import { expect, test } from 'vitest'
import type { FrameReference } from '../../../../contracts/analysis'
import { EngineFault, type EngineClient } from '../../../../renderer/engine/engine-client'
import type { FrameStore } from '../../../../renderer/reading/frame-store'
import { PlaneState } from '../../../../renderer/reading/plane-state.svelte'

const slices: FrameReference[] = [0, 1, 2].map((frameIndex) => ({ sopInstanceUid: '1.2', frameIndex }))
/** Frames of which the first has no overlay, the second one, and the third is not here yet. */
const frames = {
  peek: ({ frameIndex }: FrameReference) =>
    [{ description: { overlayPlanes: 0 } }, { description: { overlayPlanes: 1 } }, null][frameIndex],
} as unknown as FrameStore
const facts = { group: 0x6000, rows: 2, columns: 4, firstRow: 0, firstColumn: 0, type: 'G', label: '', description: '' }

/** Asks for the pictures around the first; answers with those asked for and the state after the replies. */
async function ask(reply: () => Promise<unknown>): Promise<{ asked: number[]; state: PlaneState }> {
  const asked: number[] = []
  const engine = {
    request: (_kind: string, { frameIndex }: FrameReference) => {
      asked.push(frameIndex)
      return reply()
    },
  } as unknown as EngineClient
  const state = new PlaneState(engine, 1)
  state.around(slices, 0, 1, frames)
  await new Promise((done) => setTimeout(done))
  state.around(slices, 0, 1, frames)
  return { asked, state }
}

test.each([
  ['the engine cannot read them', () => Promise.reject(new EngineFault({ code: 'dicom.attribute', message: '' }))],
  ['there are none after all', () => Promise.resolve(null)],
  ['the bytes are too few', () => Promise.resolve({ planes: [facts], bytes: new Uint8Array(0) })],
  ['the bytes are too many', () => Promise.resolve({ planes: [facts], bytes: new Uint8Array(2) })],
  [
    'they are larger than a canvas',
    () => Promise.resolve({ planes: [{ ...facts, rows: 2 ** 14, columns: 2 ** 13 }], bytes: new Uint8Array(2 ** 24) }),
  ],
])('only the frames that state planes are asked for, once; where %s, that is said', async (_why, reply) => {
  const { asked, state } = await ask(reply)
  expect(asked).toEqual([1])
  expect([0, 1, 2].map((frame) => state.unreadable(`1.2#${frame}`))).toEqual([false, true, false])
  expect(state.peek('1.2#1')).toBeNull()
})

test('after a lost connection it is asked again', async () => {
  const { asked, state } = await ask(() => Promise.reject(new EngineFault({ code: 'internal', message: '' })))
  state.forgetFaults()
  expect(state.unreadable('1.2#1')).toBe(false)
  state.around(slices, 0, 1, frames)
  expect(asked).toEqual([1, 1])
})
