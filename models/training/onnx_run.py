"""Runs an exported graph with torch in float32: no ONNX runtime is packaged for Debian's Python.

Knows only the operators our graphs consist of, and refuses any other.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def kept(tensor):
    """Channels last, which the convolutions compute faster; the values are the same."""
    return tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor


class Graph:
    def __init__(self, path):
        model = onnx.load(str(path), load_external_data=False)
        onnx.checker.check_model(model)
        self.opset = model.opset_import[0].version
        self.graph = model.graph
        self.constants = {t.name: kept(torch.from_numpy(numpy_helper.to_array(t).copy())) for t in model.graph.initializer}
        self.inputs = [i.name for i in model.graph.input if i.name not in self.constants]
        self.outputs = [o.name for o in model.graph.output]

    def operators(self):
        return sorted({n.op_type for n in self.graph.node})

    def __call__(self, tensor):
        """Outputs by name, as arrays."""
        known = {**self.constants, '': None, self.inputs[0]: kept(torch.as_tensor(np.asarray(tensor, np.float32)))}
        with torch.no_grad():
            for node in self.graph.node:
                known[node.output[0]] = self.compute(node, [known[i] for i in node.input], attributes(node))
        return {name: np.ascontiguousarray(known[name].numpy()) for name in self.outputs}

    def compute(self, node, given, attribute):
        kind = node.op_type
        if kind == 'Conv':
            pads = attribute.get('pads', [0, 0, 0, 0])
            assert pads[:2] == pads[2:] and attribute.get('group', 1) == 1
            bias = given[2] if len(given) > 2 else None
            return F.conv2d(given[0], given[1], bias, attribute['strides'], pads[:2], attribute.get('dilations', [1, 1]))
        if kind == 'Relu':
            return F.relu(given[0])
        if kind in ('Add', 'Sum'):
            return sum(given[1:], given[0])
        if kind == 'Mul':
            return given[0] * given[1]
        if kind == 'Cast':
            assert attribute['to'] == onnx.TensorProto.FLOAT
            return kept(given[0].float())
        if kind == 'AveragePool':
            assert attribute['kernel_shape'] == attribute['strides'] and not any(attribute.get('pads', [0]))
            return F.avg_pool2d(given[0], attribute['kernel_shape'])
        if kind == 'Reshape':
            return given[0].contiguous().reshape(given[1].tolist())
        if kind == 'ReduceL2':
            return given[0].square().sum(attribute['axes'], keepdim=bool(attribute['keepdims'])).sqrt()
        if kind == 'Concat':
            return torch.cat(given, attribute['axis'])
        if kind == 'ReduceMean':
            return given[0].mean(attribute['axes'], keepdim=bool(attribute['keepdims']))
        if kind == 'Resize':
            assert attribute['mode'] == b'nearest' and given[2].tolist() == [1, 1, 2, 2]
            return F.interpolate(given[0], scale_factor=2, mode='nearest')
        if kind == 'Identity':
            return given[0]
        if kind == 'Constant':
            return torch.from_numpy(numpy_helper.to_array(attribute['value']).copy())
        raise ValueError(f'operator {kind} is not one of ours')
