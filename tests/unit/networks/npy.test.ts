import { expect, test } from 'vitest'
import { readNpy } from '../../../main/networks/npy'
import { npy } from '../../integration/inference/tiny-packages'

const good = npy([2, 3], [0, 1, 2, 3, 4, 5.5])

test('reads shape and values', () => expect(readNpy(good)).toEqual({ shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5.5) }))

test.each([
  { what: 'another file', bytes: new TextEncoder().encode('not an array at all') },
  { what: 'too few values', bytes: good.subarray(0, -1) },
  { what: 'a cut header', bytes: good.subarray(0, 40) },
  { what: 'columns first', bytes: new Uint8Array(Buffer.from(Buffer.from(good).toString('latin1').replace('False', 'True '), 'latin1')) },
])('refuses $what', ({ bytes }) => expect(() => readNpy(bytes)).toThrow(expect.objectContaining({ code: 'model.weights' })))
