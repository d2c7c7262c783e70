import { describe, expect, test } from 'vitest'
import { messageBytes, partBytes } from '../../../../contracts/protocol'
import { BrokenReply, Reassembly } from '../../../../renderer/engine/reassembly'

test('parts become one array in their order, beside the output they belong to', () => {
  const reassembly = new Reassembly()
  reassembly.begin(7, { rows: 1 }, 5, 2)
  expect(reassembly.add(7, 0, Uint8Array.of(1, 2, 3))).toBeNull()
  expect(reassembly.add(7, 1, Uint8Array.of(4, 5))).toEqual({ output: { rows: 1 }, bytes: Uint8Array.of(1, 2, 3, 4, 5) })
})

test('two replies may come interleaved', () => {
  const reassembly = new Reassembly()
  reassembly.begin(1, 'a', 2, 2)
  reassembly.begin(2, 'b', 1, 1)
  reassembly.add(1, 0, Uint8Array.of(10))
  expect(reassembly.add(2, 0, Uint8Array.of(20))?.bytes).toEqual(Uint8Array.of(20))
  expect(reassembly.add(1, 1, Uint8Array.of(11))?.bytes).toEqual(Uint8Array.of(10, 11))
})

describe('refuses', () => {
  const begun = (byteLength: number, parts: number) => {
    const reassembly = new Reassembly()
    reassembly.begin(1, null, byteLength, parts)
    return reassembly
  }
  test('more bytes than a message may carry, before anything is allocated', () =>
    expect(() => begun(messageBytes + 1, 33)).toThrow(BrokenReply))
  test('more bytes than its parts can hold', () => expect(() => begun(partBytes + 1, 1)).toThrow(BrokenReply))
  test('a part nobody announced', () => expect(() => new Reassembly().add(9, 0, Uint8Array.of(1))).toThrow(BrokenReply))
  test('a part out of order', () => expect(() => begun(4, 2).add(1, 1, Uint8Array.of(1))).toThrow(BrokenReply))
  test('more than was stated', () => expect(() => begun(1, 1).add(1, 0, Uint8Array.of(1, 2))).toThrow(BrokenReply))
  test('less than was stated', () => expect(() => begun(3, 1).add(1, 0, Uint8Array.of(1, 2))).toThrow(BrokenReply))
})
