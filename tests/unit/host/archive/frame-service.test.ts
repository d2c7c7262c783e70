/** Which decoded frames the host keeps. */
import { expect, test } from 'vitest'
import { FrameService } from '../../../../main/host/archive/frame-service'

const mebibyte = 1024 * 1024

/** A service whose frames are of `side` × `side` samples of 16 bits, and the names of those it had decoded. */
function frameService(side = 1) {
  const decoded: string[] = []
  const instanceLocation = async (studyKey: number, uid: string) => ({ path: `${studyKey} ${uid}`, chunks: null })
  const run = async (_name: string, { object }: { object: { path: string } }) => {
    decoded.push(object.path)
    return { samples: new Uint16Array(side * side), description: { rows: side, columns: side, samplesPerPixel: 1 } }
  }
  return { frames: new FrameService({ instanceLocation } as never, { run } as never), decoded }
}

test('a frame is decoded once while its study is read, also when it is asked for twice at once', async () => {
  const { frames, decoded } = frameService()
  await Promise.all([frames.get(1, 'a', 0), frames.get(1, 'a', 0)])
  await frames.get(1, 'a', 0)
  expect(decoded).toEqual(['1 a'])
})

test('the two studies before are gone back to without decoding, one before these is not', async () => {
  const { frames, decoded } = frameService()
  for (const study of [1, 2, 3, 1, 2, 3]) await frames.get(study, 'a', 0)
  expect(decoded).toEqual(['1 a', '2 a', '3 a'])
  await frames.get(4, 'a', 0)
  // 1 was left longest ago.
  for (const study of [2, 3, 4, 1]) await frames.get(study, 'a', 0)
  expect(decoded).toEqual(['1 a', '2 a', '3 a', '4 a', '1 a'])
})

test('of 256 MiB the frames asked for longest ago go first, those of an older study before all', async () => {
  // 32 MiB each.
  const { frames, decoded } = frameService(4096)
  expect(4096 * 4096 * 2).toBe(32 * mebibyte)
  await frames.get(1, 'older', 0)
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await frames.get(2, name, 0)
  await frames.get(2, 'a', 0)
  decoded.length = 0
  await frames.get(2, 'h', 0)
  await frames.get(2, 'i', 0)
  for (const name of ['a', 'i', 'h', 'g']) await frames.get(2, name, 0)
  expect(decoded).toEqual(['2 h', '2 i'])
  await frames.get(2, 'b', 0)
  await frames.get(1, 'older', 0)
  expect(decoded).toEqual(['2 h', '2 i', '2 b', '1 older'])
})

test('after a corrected header nothing is kept, nor what was under way', async () => {
  const { frames, decoded } = frameService()
  await frames.get(1, 'a', 0)
  const underWay = frames.get(1, 'b', 0)
  frames.forget()
  await underWay
  await frames.get(1, 'a', 0)
  await frames.get(1, 'b', 0)
  expect(decoded).toEqual(['1 a', '1 b', '1 a', '1 b'])
})
