/** Activations by their names in Keras and TensorFlow. */
import { float, graphAxis, int, Untranslatable, type GraphBuilder, type Value } from './graph-builder'

/** What each is in ONNX, on the name of a tensor. */
const simple: Readonly<Record<string, (graph: GraphBuilder, x: string) => string>> = {
  linear: (_, x) => x,
  relu: (graph, x) => graph.node('Relu', [x]),
  relu6: (graph, x) => clipped(graph, x, 0, 6),
  sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  hard_sigmoid: (graph, x) => graph.node('HardSigmoid', [x], { alpha: float(0.2), beta: float(0.5) }),
  tanh: (graph, x) => graph.node('Tanh', [x]),
  elu: (graph, x) => graph.node('Elu', [x], { alpha: float(1) }),
  selu: (graph, x) => graph.node('Selu', [x]),
  softplus: (graph, x) => graph.node('Softplus', [x]),
  softsign: (graph, x) => graph.node('Softsign', [x]),
  swish: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  mish: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  exponential: (graph, x) => graph.node('Exp', [x]),
  gelu: (graph, x) => half(graph, x, graph.node('Erf', [scaled(graph, x, Math.SQRT1_2)])),
  gelu_new: (graph, x) => {
    const cubed = scaled(graph, graph.node('Mul', [graph.node('Mul', [x, x]), x]), 0.044715)
    return half(graph, x, graph.node('Tanh', [scaled(graph, graph.node('Add', [x, cubed]), Math.sqrt(2 / Math.PI))]))
  },
}

/** @throws Untranslatable for one that is not known. */
export function activated(graph: GraphBuilder, value: Value, name: string): Value {
  if (name === 'softmax' || name === 'log_softmax')
    return { ...value, name: graph.node(name === 'softmax' ? 'Softmax' : 'LogSoftmax', [value.name], { axis: int(graphAxis(value, -1)) }) }
  if (!Object.hasOwn(simple, name)) throw new Untranslatable(`the activation ${name}`)
  return { ...value, name: simple[name](graph, value.name) }
}

export function clipped(graph: GraphBuilder, x: string, least: number, greatest: number): string {
  return graph.node('Clip', [x, graph.floats([], [least]), graph.floats([], [greatest])])
}

/** x × factor + offset */
export function scaled(graph: GraphBuilder, x: string, factor: number, offset = 0): string {
  const product = graph.node('Mul', [x, graph.floats([], [factor])])
  return offset === 0 ? product : graph.node('Add', [product, graph.floats([], [offset])])
}

/** x / 2 × (1 + curve) */
function half(graph: GraphBuilder, x: string, curve: string): string {
  return graph.node('Mul', [scaled(graph, x, 0.5), scaled(graph, curve, 1, 1)])
}
