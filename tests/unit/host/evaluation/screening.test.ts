import { expect, test } from 'vitest'
import type { Screening } from '../../../../contracts/analysis'
import { ScreeningCounter } from '../../../../main/host/evaluation/screening'
import { imageResult, result } from '../../results'

const model = { id: 'check', version: '1.0.0', sha256: 'c'.repeat(64), title: 'Check' }
const seen = (distance: number): Screening => ({
  inputCheck: { model, probabilities: { chest: 0.9 } },
  distance: { value: distance, threshold: 3 },
})
const refusedBy = (code: 'gate.pixels' | 'gate.distribution' | 'gate.modality') => ({ code, message: '' })

test('counts who was asked, who was withheld, and who ran beyond the threshold', () => {
  const counter = new ScreeningCounter()
  counter.add(
    result({
      images: [
        { ...imageResult('1'), screening: seen(3) },
        { ...imageResult('2'), screening: seen(3.1) },
        { ...imageResult('3'), screening: seen(9), refused: refusedBy('gate.distribution') },
        { ...imageResult('4'), screening: { ...seen(0), distance: null }, refused: refusedBy('gate.pixels') },
        { ...imageResult('5'), refused: refusedBy('gate.modality') },
      ],
    }),
  )
  expect(counter.counts).toEqual({ pixelCheck: { asked: 4, withheld: 1 }, distance: { asked: 3, beyond: 2, withheld: 1 } })
})

test('what a stack as a whole was asked holds for each of its pictures', () => {
  const counter = new ScreeningCounter()
  counter.add(
    result({ screening: { inputCheck: null, distance: { value: 4, threshold: 3 } }, images: [imageResult('1'), imageResult('2')] }),
  )
  expect(counter.counts).toEqual({ pixelCheck: { asked: 0, withheld: 0 }, distance: { asked: 2, beyond: 2, withheld: 0 } })
})
