/** Protobuf's wire format, as far as ONNX needs it. Every length is bounded by the message it stands in. */
import { OverreadError } from '../../../contracts/errors'

export interface Field {
  readonly number: number
  /** Of a varint, as a signed number of 64 bits; beyond 2^53 the last digits are lost, which no caller compares. 0 else. */
  readonly value: number
  /** Of a length-delimited field, and the 4 or 8 bytes of a fixed one; empty of a varint. */
  readonly bytes: Uint8Array
  /** The field as it stands, key and length included. */
  readonly whole: Uint8Array
}

const nothing = new Uint8Array(0)

/**
 * The fields of one message in their order.
 *
 * @throws OverreadError 'model.weights' where the bytes are not a message; it names the byte offset.
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): number => {
    const start = at
    let value = 0
    for (let index = 0; index < 9; index++) {
      if (at >= message.length) throw damaged(at)
      const byte = message[at++]
      value += (byte & 0x7f) * 2 ** (7 * index)
      if (byte < 0x80) return value
    }
    if (at >= message.length || message[at++] > 1) throw damaged(at)
    return negative(message.subarray(start, at))
  }
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && length <= message.length - at)) throw damaged(at)
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const start = at
    const key = varint()
    const number = Math.floor(key / 8)
    if (number <= 0) throw damaged(at)
    const wireType = key % 8
    let value = 0
    let bytes: Uint8Array = nothing
    if (wireType === 0) value = varint()
    else if (wireType === 1) bytes = take(8)
    else if (wireType === 2) bytes = take(varint())
    else if (wireType === 5) bytes = take(4)
    // Groups are long out of use, and no ONNX file holds one.
    else throw damaged(at)
    yield { number, value, bytes, whole: message.subarray(start, at) }
  }
}

/** Ten bytes hold the 64th bit: the number is negative, and as a float it would lose what tells -1 from -2. */
function negative(varint: Uint8Array): number {
  const bits = varint.reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n)
  return Number(BigInt.asIntN(64, bits))
}

/** A varint; negative whole numbers as 64 bits in two's complement. */
function varintBytes(value: number): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

/** Parts of a message, put together once at the end: weights are large. */
export type Parts = readonly Uint8Array[]

/** A field of the wire type 0. */
export function numberField(field: number, value: number): Parts {
  return [Uint8Array.from([...varintBytes(field * 8), ...varintBytes(value)])]
}

/** A float, wire type 5. */
export function floatField(field: number, value: number): Parts {
  return [Uint8Array.from(varintBytes(field * 8 + 5)), new Uint8Array(Float32Array.of(value).buffer)]
}

export function bytesField(field: number, content: Uint8Array): Parts {
  return [Uint8Array.from([...varintBytes(field * 8 + 2), ...varintBytes(content.length)]), content]
}

export function textField(field: number, content: string): Parts {
  return bytesField(field, new TextEncoder().encode(content))
}

export function messageField(field: number, parts: Parts): Parts {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return [Uint8Array.from([...varintBytes(field * 8 + 2), ...varintBytes(length)]), ...parts]
}

export function joined(parts: Parts): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}

function damaged(offset: number): OverreadError {
  return new OverreadError('model.weights', `not an ONNX file, byte ${offset} of a message`)
}
