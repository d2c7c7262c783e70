/** Attributes of TensorFlow graph nodes as JSON has them: 64-bit numbers as text, bytes as base64. */

export const dims = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) })
export const text = (value: string) => ({ s: Buffer.from(value).toString('base64') })
export const texts = (...values: readonly string[]) => ({ list: { s: values.map((value) => text(value).s) } })
export const integers = (...values: readonly number[]) => ({ list: { i: values.map(String) } })
