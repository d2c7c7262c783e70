import { expect, test } from 'vitest'
import { blocksOf, spansOf } from '../../../../renderer/models/card-text'

test('a card becomes blocks: headings, paragraphs, lists, tables', () => {
  const blocks = blocksOf(
    '# Lungs\n\nFor **both** lungs\nof adults.\n\n- one\n  goes on\n- two\n\n| measure | value |\n|---|---:|\n| Dice | 0.96 |\n',
  )
  expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'list', 'table'])
  expect(blocks[1]).toEqual({
    kind: 'paragraph',
    spans: [
      { text: 'For ', style: 'plain' },
      { text: 'both', style: 'strong' },
      { text: ' lungs of adults.', style: 'plain' },
    ],
  })
  expect(blocks[2]).toMatchObject({ items: [[{ text: 'one goes on' }], [{ text: 'two' }]] })
  expect(blocks[3]).toMatchObject({ rows: [[[{ text: 'Dice' }], [{ text: '0.96' }]]] })
})

test('HTML stays text, and a link shows where it leads', () => {
  expect(spansOf('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>', style: 'plain' }])
  expect(spansOf('see [the paper](https://example.org/a)')).toEqual([{ text: 'see the paper (https://example.org/a)', style: 'plain' }])
})

test('an unclosed code block and a lone pipe end with the text', () => {
  expect(blocksOf('```\nx = 1')).toEqual([{ kind: 'code', text: 'x = 1' }])
  expect(blocksOf('| not a table').map(({ kind }) => kind)).toEqual(['paragraph'])
})
