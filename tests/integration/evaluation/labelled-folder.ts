/** Writes labelled folders for tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'

export class LabelledFolderWriter {
  constructor(readonly path: string) {
    mkdirSync(join(path, 'images'), { recursive: true })
  }

  file(name: string, content: string | Uint8Array): this {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return this
  }

  /** A grey PNG of 16 bits. */
  picture(name: string, rows: number, columns: number, valueAt: (row: number, column: number) => number): this {
    const data = Uint16Array.from(pixels(rows, columns, valueAt))
    return this.file(`images/${name}`, encode({ width: columns, height: rows, data, depth: 16, channels: 1 }))
  }

  /** A PNG of 8 bits. */
  mask(label: string, name: string, rows: number, columns: number, isInside: (row: number, column: number) => boolean): this {
    const data = Uint8Array.from(pixels(rows, columns, (row, column) => (isInside(row, column) ? 255 : 0)))
    return this.file(`masks/${label}/${name}`, encode({ width: columns, height: rows, data, depth: 8, channels: 1 }))
  }
}

function pixels(rows: number, columns: number, valueAt: (row: number, column: number) => number): number[] {
  return Array.from({ length: rows * columns }, (_, at) => valueAt(Math.floor(at / columns), at % columns))
}
