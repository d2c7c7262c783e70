/** Reading protobuf's wire format, as far as walking through a message needs it. Every length is bounded by the message it stands in. */
import { OverreadError } from '../../contracts/errors'

export interface Field {
  readonly number: number
  /** Of a varint; numbers above 2^53 lose their last digits, which no caller compares. */
  readonly value: number
  /** Of a length-delimited field; empty else. */
  readonly bytes: Uint8Array
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
    let value = 0
    for (let shift = 0; shift < 10; shift++) {
      if (at >= message.length) throw damaged(at)
      const byte = message[at++]!
      value += (byte & 0x7f) * 2 ** (7 * shift)
      if (byte < 0x80) return value
    }
    throw damaged(at)
  }
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw damaged(at)
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const key = varint()
    const number = Math.floor(key / 8)
    if (number === 0) throw damaged(at)
    const wireType = key % 8
    if (wireType === 0) yield { number, value: varint(), bytes: nothing }
    else if (wireType === 1) yield { number, value: 0, bytes: take(8) }
    else if (wireType === 2) yield { number, value: 0, bytes: take(varint()) }
    else if (wireType === 5) yield { number, value: 0, bytes: take(4) }
    // Groups are long out of use, and no ONNX file holds one.
    else throw damaged(at)
  }
}

function damaged(offset: number): OverreadError {
  return new OverreadError('model.weights', `not an ONNX file, byte ${offset} of a message`)
}
