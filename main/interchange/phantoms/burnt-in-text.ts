/** The word in the corner of every phantom picture. */

const glyphs: Readonly<Record<string, readonly string[]>> = {
  P: ['###', '#.#', '###', '#..', '#..'],
  H: ['#.#', '#.#', '###', '#.#', '#.#'],
  A: ['.#.', '#.#', '###', '#.#', '#.#'],
  N: ['#..#', '##.#', '#.##', '#..#', '#..#'],
  T: ['###', '.#.', '.#.', '.#.', '.#.'],
  O: ['###', '#.#', '#.#', '#.#', '###'],
  M: ['#...#', '##.##', '#.#.#', '#...#', '#...#'],
}

/** Sets the pixels of PHANTOM to `value`; `scale` pixels a dot, from (`left`, `top`). */
export function drawPhantomText(
  picture: { readonly samples: Uint16Array; readonly columns: number },
  options: { readonly left: number; readonly top: number; readonly scale: number; readonly value: number },
): void {
  const { samples, columns } = picture
  const { left, top, scale, value } = options
  let start = left
  for (const letter of 'PHANTOM') {
    const glyph = glyphs[letter]!
    glyph.forEach((line, lineIndex) => {
      for (let row = 0; row < scale; row++) {
        for (let column = 0; column < line.length * scale; column++) {
          if (line[Math.floor(column / scale)] === '#') samples[(top + lineIndex * scale + row) * columns + start + column] = value
        }
      }
    })
    start += (glyph[0]!.length + 1) * scale
  }
}
