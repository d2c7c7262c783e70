"""Writes a package from a checkpoint: graph, model.json with its measured figures, card, licence and golden files."""

import argparse
import copy
import hashlib
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

import cards
import evaluate_brain_flair
import evaluate_chest_lungs
import evaluate_chest_pneumonia
from data import DEFAULT_DATA, REPOSITORY, brain_flair, chest_lungs, chest_pneumonia
from fit import keep_memory
from nets import LocalEvidence, Outline
from packages import PACKAGES
from preprocess import prepare
from runtime_graph import RuntimeGraph

EVALUATE = {
    'chest-pneumonia': evaluate_chest_pneumonia.measure,
    'chest-lungs': evaluate_chest_lungs.measure,
    'brain-flair-abnormality': evaluate_brain_flair.measure,
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


def load(identifier, checkpoint):
    saved = torch.load(checkpoint, map_location='cpu')
    net = LocalEvidence(2) if identifier == 'chest-pneumonia' else Outline(PACKAGES[identifier]['input']['shape'][1])
    net.load_state_dict(saved['mean'])
    net.eval()
    return (ProbabilityAndMap(net).eval() if identifier == 'chest-pneumonia' else net), saved


def centre(net, data):
    """Adds a constant to every local logit so that classes of equal weight are calibrated at 0 on validation.

    The logit stays the mean of the map. The divisor is measured afterwards, on the exported graph.
    """
    cases = chest_pneumonia(data, 'validation')
    sick = np.array([c['kind'] != 'normal' for c in cases])
    with torch.no_grad():
        tensors = [torch.from_numpy(prepare(PACKAGES['chest-pneumonia'], c['picture'][None])[0]) for c in cases]
        logits = np.array([float(net(t)[0]) for t in tensors])
    fitted = LogisticRegression(C=1e6, class_weight='balanced').fit(logits[:, None], sick)
    net.net.local.bias.data += float(fitted.intercept_[0] / fitted.coef_[0, 0])


def write_graph(net, package, path):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            net,
            torch.zeros(package['input']['shape']),
            str(path),
            opset_version=13,
            input_names=[package['input']['name']],
            output_names=[o['name'] for o in package['outputs']],
            do_constant_folding=True,
        )


def golden_picture(identifier, data):
    """A validation picture as the stage holds it, with the slice meant; the brain's is a part of a series."""
    if identifier == 'chest-pneumonia':
        case = next(c for c in chest_pneumonia(data, 'validation') if c['kind'] == 'bacteria')
        return case['picture'][None], 0
    if identifier == 'chest-lungs':
        case = next(c for c in chest_lungs(data, 'validation') if c['group'] == 'child')
        return case['picture'][None], 0
    case = next(c for c in brain_flair(data, 'validation') if c['masks'][5:].any())
    largest = int(case['masks'].sum((1, 2)).argmax())
    return case['pictures'][largest - 1 : largest + 2].astype(np.float32), 1


def write_golden(package, graph, folder, data):
    folder.mkdir(exist_ok=True)
    picture, index = golden_picture(package['id'], data)
    tensor, _ = prepare(package, picture, index)
    np.save(folder / 'picture.npy', picture)
    np.save(folder / 'input.npy', tensor)
    outputs = {}
    for name, values in graph(tensor).items():
        np.save(folder / f'{name}.npy', values)
        outputs[name] = f'{name}.npy'
    return {'picture': 'picture.npy', 'slice': index, 'input': 'input.npy', 'outputs': outputs, 'tolerance': 0.001}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('package', choices=sorted(PACKAGES))
    parser.add_argument('--data', type=Path, default=DEFAULT_DATA)
    parser.add_argument('--work', type=Path, default=Path(tempfile.gettempdir()) / 'train')
    parser.add_argument('--name', help='name of the checkpoint, if not the usual one')
    parser.add_argument('--out', type=Path, default=REPOSITORY / 'models')
    parser.add_argument('--version', default='1.0.0')
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    keep_memory()
    torch.set_num_threads(options.threads)
    folder = options.out / options.package
    folder.mkdir(parents=True, exist_ok=True)
    package = copy.deepcopy(PACKAGES[options.package])
    package['testTimeFlips'] = ['columns'] if options.package == 'brain-flair-abnormality' else []
    net, saved = load(options.package, options.work / f'{options.name or options.package}.pt')
    if options.package == 'chest-pneumonia':
        centre(net, options.data)
    write_graph(net, package, folder / 'model.onnx')
    graph = RuntimeGraph(folder / 'model.onnx', options.threads)
    measured = EVALUATE[options.package](package, graph, options.data)
    golden = write_golden(package, graph, folder / 'golden', options.data)
    model = {
        'schemaVersion': 1,
        'id': package['id'],
        'version': options.version,
        'title': package['title'],
        'intendedUse': package['intendedUse'],
        'notFor': package['notFor'],
        'task': package['task'],
        'engine': 'onnx',
        'file': 'model.onnx',
        'sha256': hashlib.sha256((folder / 'model.onnx').read_bytes()).hexdigest(),
        'licence': package['licence'],
        'accepts': package['accepts'],
        'input': package['input'],
        'preprocess': package['preprocess'],
        'testTimeFlips': package['testTimeFlips'],
        'outputs': package['outputs'],
        'calibration': measured['calibration'],
        'operatingPoints': measured['operatingPoints'],
        'findings': package['findings'],
        'metrics': measured['metrics'],
        'training': {**package['training'], 'seed': int(saved['options']['seed'])},
        'golden': {k: (f'{v}' if isinstance(v, str) else v) for k, v in golden.items()},
    }
    (folder / 'model.json').write_text(json.dumps(rounded(model), indent=2, ensure_ascii=False) + '\n')
    training = f'{saved["epoch"]} epochs, {saved["seconds"] / 60:.0f} minutes'
    (folder / 'card.md').write_text(cards.write(model, measured, training))
    print(json.dumps(rounded(measured), indent=1, default=str))


def rounded(value):
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return value


if __name__ == '__main__':
    main()
