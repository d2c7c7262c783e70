"""Edits of exported graphs: two nets as one, the distance of features, weights kept as float16."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Smaller tensors gain nothing, and statistics of features need their digits.
LEAST_HALVED = 1024
STATISTICS = 'distance.'


def tensor(name, values):
    return numpy_helper.from_array(np.ascontiguousarray(values), name)


def without_casts(model):
    """The graph with float32 weights: undoes `halved`."""
    graph = model.graph
    weights = {t.name: t for t in graph.initializer}
    for node in [n for n in graph.node if n.op_type == 'Cast' and n.input[0] in weights]:
        values = numpy_helper.to_array(weights[node.input[0]]).astype(np.float32)
        graph.initializer.remove(weights[node.input[0]])
        graph.initializer.append(tensor(node.output[0], values))
        graph.node.remove(node)
    return model


def only(model, outputs):
    """The graph of these outputs alone: what nothing of them needs is gone."""
    graph = model.graph
    made_by = {name: node for node in graph.node for name in node.output}
    needed, waiting = set(), list(outputs)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += made_by[name].input if name in made_by else []
    kept = [n for n in graph.node if needed.intersection(n.output)]
    weights = [t for t in graph.initializer if t.name in needed]
    values = {**{v.name: v for v in onnx.shape_inference.infer_shapes(model).graph.value_info}, **{o.name: o for o in graph.output}}
    wanted = [values[name] for name in outputs]
    for field, content in ((graph.node, kept), (graph.initializer, weights), (graph.output, wanted)):
        content = list(content)
        del field[:]
        field.extend(content)
    return model


def load(path, outputs):
    """A graph as it came from training, whatever was added to it since."""
    return only(without_casts(onnx.load(str(path), load_external_data=False)), outputs)


def prefixed(model, prefix):
    """Every name but that of the input gets the prefix, so that two graphs fit into one."""
    inputs = {i.name for i in model.graph.input}
    change = lambda name: name if name == '' or name in inputs else prefix + name
    for node in model.graph.node:
        node.name = prefix + node.name
        for names in (node.input, node.output):
            changed = [change(name) for name in names]
            del names[:]
            names.extend(changed)
    for named in (*model.graph.initializer, *model.graph.output):
        named.name = change(named.name)
    return model


def averaged(models, output, mean_of_map=None):
    """One graph whose `output` is the mean of theirs; `mean_of_map` names the logit that is the mean of that map."""
    if len(models) == 1:
        return models[0]
    whole = prefixed(onnx.ModelProto.FromString(models[0].SerializeToString()), 'a.')
    shape = {o.name: o for o in models[0].graph.output}
    parts = ['a.' + output]
    for letter, model in zip('bcdefgh', models[1:]):
        other = prefixed(model, f'{letter}.')
        whole.graph.node.extend(other.graph.node)
        whole.graph.initializer.extend(other.graph.initializer)
        parts.append(f'{letter}.{output}')
    nodes = [helper.make_node('Sum', parts, ['sum.' + output]), helper.make_node('Mul', ['sum.' + output, 'share'], [output])]
    outputs = [shape[output]]
    if mean_of_map:
        nodes.append(helper.make_node('ReduceMean', [output], [mean_of_map], axes=[2, 3], keepdims=0))
        outputs.insert(0, shape[mean_of_map])
    whole.graph.node.extend(nodes)
    whole.graph.initializer.append(tensor('share', np.float32(1 / len(models))))
    del whole.graph.output[:]
    whole.graph.output.extend(outputs)
    return only(whole, [o.name for o in outputs])


def add_to_bias(model, ending, value):
    """Adds a constant to the bias whose name ends so."""
    bias = next(t for t in model.graph.initializer if t.name.endswith(ending))
    bias.CopyFrom(tensor(bias.name, numpy_helper.to_array(bias) + np.float32(value)))


def pooled(model, name, parts):
    """Adds `features` [1, channels x parts x parts, 1, 1]: the means of a map over so many parts of each axis."""
    known = onnx.shape_inference.infer_shapes(model).graph.value_info
    _, channels, rows, columns = next([d.dim_value for d in v.type.tensor_type.shape.dim] for v in known if v.name == name)
    window = [rows // parts, columns // parts]
    model.graph.node.extend(
        [
            helper.make_node('AveragePool', [name], ['pooled'], kernel_shape=window, strides=window),
            helper.make_node('Reshape', ['pooled', 'pooled.shape'], ['features']),
        ]
    )
    model.graph.initializer.append(tensor('pooled.shape', np.array([1, channels * parts**2, 1, 1], np.int64)))
    return model


def with_distance(model, whitening, shift):
    """Adds `distance` [1, 1]: the length of the whitened features, `whitening` (rows, features) times them plus `shift`."""
    graph = model.graph
    graph.initializer.extend(
        [
            tensor(STATISTICS + 'whitening', whitening[:, :, None, None].astype(np.float32)),
            tensor(STATISTICS + 'shift', shift.astype(np.float32)),
        ]
    )
    graph.node.extend(
        [
            helper.make_node('Conv', ['features', STATISTICS + 'whitening', STATISTICS + 'shift'], ['whitened'], kernel_shape=[1, 1], pads=[0, 0, 0, 0], strides=[1, 1]),
            helper.make_node('ReduceL2', ['whitened'], ['distance'], axes=[1, 2], keepdims=0),
        ]
    )
    graph.output.append(helper.make_tensor_value_info('distance', TensorProto.FLOAT, [1, 1]))
    return model


def halved(model):
    """Large weights kept as float16 and cast before they are used: all computing stays float32."""
    graph = model.graph
    casts = []
    for weights in list(graph.initializer):
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.size < LEAST_HALVED or weights.name.startswith(STATISTICS):
            continue
        graph.initializer.remove(weights)
        graph.initializer.append(tensor(weights.name + '.half', values.astype(np.float16)))
        casts.append(helper.make_node('Cast', [weights.name + '.half'], [weights.name], to=TensorProto.FLOAT))
    others = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + others)
    return model


def save(model, path):
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
