/** Writing protobuf's wire format, as little of it as a small ONNX file needs. */
export type Bytes = readonly number[]

export function varint(value: number): Bytes {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) | 0x80)
  }
}

/** A field of the wire type 0. */
export const number = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)]
/** A field of the wire type 2. */
export const bytes = (field: number, content: ArrayLike<number>): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...Array.from(content),
]
export const text = (field: number, content: string): Bytes => bytes(field, new TextEncoder().encode(content))
export const message = (field: number, ...parts: Bytes[]): Bytes => bytes(field, parts.flat())
