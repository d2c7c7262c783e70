"""Makes the graph of a package of one or more nets: their mean, what the packages add to it, weights as float16."""

import copy
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto, helper
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

import distribution
import graph_edit
from data import chest_pneumonia
from figures import temperature
from nets import Check, LocalEvidence, Outline
from preprocess import prepare
from runtime_graph import RuntimeGraph

# What a net itself gives; all else is added to its graph.
OF_NET = {
    'chest-pneumonia': ['probability', 'map'],
    'chest-lungs': ['lungs'],
    'brain-flair-abnormality': ['abnormality'],
    'chest-input-check': ['looks'],
    'mr-flair-check': ['looks'],
}


class ProbabilityAndMap(nn.Module):
    """The first label alone; its logit is the mean of its map."""

    def __init__(self, net):
        super().__init__()
        self.net = copy.deepcopy(net)
        self.net.local = nn.Conv2d(net.local.in_channels, 1, 1)
        self.net.local.weight.data = net.local.weight.data[:1].clone()
        self.net.local.bias.data = net.local.bias.data[:1].clone()

    def forward(self, x):
        local = self.net(x)
        return local.mean((2, 3)), local


def net_of(package):
    if package['id'] == 'chest-pneumonia':
        return LocalEvidence(2)
    if package['task'] == 'input-check':
        return Check(1, len(package['outputs'][0]['labels']))
    return Outline(package['input']['shape'][1])


def exported(package, checkpoint, path):
    net = net_of(package)
    net.load_state_dict(torch.load(checkpoint, map_location='cpu')['mean'])
    net = (ProbabilityAndMap(net) if package['id'] == 'chest-pneumonia' else net).eval()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            net,
            torch.zeros(package['input']['shape']),
            str(path),
            opset_version=13,
            input_names=[package['input']['name']],
            output_names=OF_NET[package['id']],
            do_constant_folding=True,
        )


def graphs_of(package, files):
    """The graphs of checkpoints, or of packages that lie elsewhere."""
    models = []
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            path = Path(file)
            if path.suffix == '.pt':
                path = Path(folder) / 'net.onnx'
                exported(package, file, path)
            models.append(graph_edit.load(path, OF_NET[package['id']]))
    return models


def one_graph(package, models):
    outputs = OF_NET[package['id']]
    return graph_edit.averaged(models, outputs[-1], outputs[0] if len(outputs) > 1 else None)


def running(model, outputs, threads):
    """Runs these outputs of a graph."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / 'part.onnx'
    graph_edit.save(graph_edit.only(copy.deepcopy(model), outputs), path)
    graph = RuntimeGraph(path, threads)
    graph.folder = folder
    return graph


def centre(package, models, options):
    """Adds a constant to every local logit so that classes of equal weight are calibrated at 0 on validation.

    The logit stays the mean of the map. Gives the divisor of the logits that follows.
    """
    cases = chest_pneumonia(options.data, 'validation')
    sick = np.array([c['kind'] != 'normal' for c in cases])
    graph = running(one_graph(package, copy.deepcopy(models)), ['probability'], options.threads)
    logits = np.array([float(graph(prepare(package, c['picture'][None])[0])['probability'][0, 0]) for c in cases])
    fitted = LogisticRegression(C=1e6, class_weight='balanced').fit(logits[:, None], sick)
    shift = float(fitted.intercept_[0] / fitted.coef_[0, 0])
    for model in models:
        graph_edit.add_to_bias(model, 'local.bias', shift)
    return temperature(logits + shift, sick)


def with_kind(package, model, divisor, options):
    """Adds `kind`: bacterial against viral, from the features of the last layer by a linear rule fitted on the training films."""
    maps = [n.input[0] for n in model.graph.node if n.op_type == 'Conv' and n.input[1].endswith('local.weight')]
    graph = running(model, maps, options.threads)
    cases = [c for c in chest_pneumonia(options.data, 'train') if c['kind'] != 'normal']
    rng = np.random.default_rng(17)
    # Changed a little: on films just as the net was shown them its features tell more than on others.
    known = [graph(prepare(package, distribution.milder(c['picture'], rng)[None])[0]) for c in cases]
    features = np.stack([np.concatenate([k[m][0].mean((1, 2)) for m in maps]) for k in known])
    bacterial = np.array([c['kind'] == 'bacteria' for c in cases])
    rule = make_pipeline(StandardScaler(), LogisticRegression(C=0.03, class_weight='balanced', max_iter=2000)).fit(features, bacterial)
    scale, linear = rule.named_steps['standardscaler'], rule.named_steps['logisticregression']
    weights = linear.coef_[0] / scale.scale_
    bias = float(linear.intercept_[0] - weights @ scale.mean_)
    source = maps[0]
    if len(maps) > 1:
        source = 'kind.maps'
        model.graph.node.append(helper.make_node('Concat', maps, [source], axis=1))
    # The divisor is that of all logits of the package.
    model.graph.initializer.append(graph_edit.tensor('kind.weight', (weights * divisor)[None, :, None, None].astype(np.float32)))
    model.graph.initializer.append(graph_edit.tensor('kind.bias', np.array([bias * divisor], np.float32)))
    model.graph.node.append(
        helper.make_node('Conv', [source, 'kind.weight', 'kind.bias'], ['kind.map'], kernel_shape=[1, 1], pads=[0, 0, 0, 0], strides=[1, 1])
    )
    model.graph.node.append(helper.make_node('ReduceMean', ['kind.map'], ['kind'], axes=[2, 3], keepdims=0))
    model.graph.output.append(helper.make_tensor_value_info('kind', TensorProto.FLOAT, [1, 1]))
    return model


def build(package, files, options):
    """The whole graph in float32, and the distances of patients left out (series) or None."""
    models = graphs_of(package, files)
    divisor = centre(package, models, options) if package['id'] == 'chest-pneumonia' else None
    model = one_graph(package, models)
    if package['id'] == 'chest-pneumonia':
        with_kind(package, model, divisor, options)
    if package['task'] == 'input-check':
        return model, None
    return distribution.add_to(model, package, options)
