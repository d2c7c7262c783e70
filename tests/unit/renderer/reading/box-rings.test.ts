import { expect, test } from 'vitest'
import { boxRings } from '../../../../renderer/reading/box-rings'
import { pictureId } from '../../../../renderer/reading/picture-id'
import { finding } from '../../results'

const here = { sopInstanceUid: '1.2.3', frameIndex: 1 }
const there = { sopInstanceUid: '1.2.3', frameIndex: 2 }
const box = { left: 1.5, top: 2, right: 4, bottom: 8 }

test('a picture has the boxes of its own frame, every corner in order', () => {
  const found = [
    finding({
      kind: 'box',
      boxes: [
        { ...here, ...box },
        { ...there, ...box },
      ],
    }),
    finding(),
  ]
  expect(boxRings(found, pictureId(here))).toEqual([[1.5, 2, 4, 2, 4, 8, 1.5, 8]])
  expect(boxRings(found, pictureId({ ...here, frameIndex: 3 }))).toEqual([])
})
