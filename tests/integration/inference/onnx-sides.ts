/** A network that is all convolutions, for pictures of another size: the shapes that its file states, made to fit. */
import { fieldsOf, type Field } from '../../../main/networks/onnx/wire'
import { message, number, text, varint, type Bytes } from './protobuf'

/** Fields of ModelProto, GraphProto, ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto. */
const graphOfModel = 7
const nodeOfGraph = 1
const inputOfGraph = 11
const outputOfGraph = 12
const innerShapeOfGraph = 13
/** Of NodeProto and ValueInfoProto. */
const inputOfNode = 1
const outputOfNode = 2
const nameOfValue = 1
const typeOfValue = 2
const tensorOfType = 1
const shapeOfTensor = 2

/** Delimited by length, as everything that is no number in these messages. */
function delimited(field: number, content: Uint8Array | Bytes): Uint8Array {
  const header = [...varint(field * 8 + 2), ...varint(content.length)]
  return Buffer.concat([Uint8Array.from(header), content instanceof Uint8Array ? content : Uint8Array.from(content)])
}

function rewritten(source: Uint8Array, change: (field: Field) => Uint8Array | null | undefined): Uint8Array {
  const parts: Uint8Array[] = []
  for (const field of fieldsOf(source)) {
    const changed = change(field)
    if (changed === null) continue
    const isNumber = field.bytes.length === 0 && field.value !== 0
    parts.push(changed ?? (isNumber ? Uint8Array.from(number(field.number, field.value)) : delimited(field.number, field.bytes)))
  }
  return Buffer.concat(parts)
}

/** ValueInfoProto of the same name with another shape; a side of null is left open. */
function withShape(value: Uint8Array, shape: readonly (number | null)[]): Uint8Array {
  const sides = shape.map((side, axis) => message(1, side === null ? text(2, `side${axis}`) : number(1, side)))
  return rewritten(value, (field) =>
    field.number !== typeOfValue
      ? undefined
      : delimited(
          typeOfValue,
          rewritten(field.bytes, (kind) =>
            kind.number !== tensorOfType
              ? undefined
              : delimited(
                  tensorOfType,
                  rewritten(kind.bytes, (part) => (part.number === shapeOfTensor ? delimited(shapeOfTensor, sides.flat()) : undefined)),
                ),
          ),
        ),
  )
}

/** The model with an input of `shape`. Its outputs take the sides that follow; what is stated of values in between is left out. */
export function withInputShape(model: Uint8Array, shape: readonly number[]): Uint8Array {
  return rewritten(model, (field) =>
    field.number !== graphOfModel
      ? undefined
      : delimited(
          graphOfModel,
          rewritten(field.bytes, (part) => {
            if (part.number === innerShapeOfGraph) return null
            if (part.number === inputOfGraph) return delimited(inputOfGraph, withShape(part.bytes, shape))
            if (part.number !== outputOfGraph) return undefined
            return delimited(
              outputOfGraph,
              withShape(
                part.bytes,
                Array.from({ length: rankOf(part.bytes) }, () => null),
              ),
            )
          }),
        ),
  )
}

/** The model with these outputs alone, and the nodes that lead to them. */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  return rewritten(model, (field) => {
    if (field.number !== graphOfModel) return undefined
    const nodes = [...fieldsOf(field.bytes)].filter(({ number: kind }) => kind === nodeOfGraph).map(({ bytes }) => bytes)
    const needed = new Set(names)
    const kept = new Set<Uint8Array>()
    // Nodes stand in the order in which they run.
    for (const node of nodes.toReversed()) {
      if (!namesIn(node, outputOfNode).some((name) => needed.has(name))) continue
      kept.add(node)
      for (const name of namesIn(node, inputOfNode)) needed.add(name)
    }
    return delimited(
      graphOfModel,
      rewritten(field.bytes, ({ number: kind, bytes }) => {
        if (kind === nodeOfGraph) return [...kept].some((node) => Buffer.compare(node, bytes) === 0) ? undefined : null
        return kind === outputOfGraph && !names.includes(namesIn(bytes, nameOfValue)[0]!) ? null : undefined
      }),
    )
  })
}

function namesIn(source: Uint8Array, wanted: number): string[] {
  return [...fieldsOf(source)].filter((field) => field.number === wanted).map(({ bytes }) => new TextDecoder().decode(bytes))
}

function rankOf(value: Uint8Array): number {
  const within = (source: Uint8Array, wanted: number) => [...fieldsOf(source)].find((field) => field.number === wanted)!.bytes
  return [...fieldsOf(within(within(within(value, typeOfValue), tensorOfType), shapeOfTensor))].length
}
