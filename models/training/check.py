"""Checks each package: hash, size, operators, golden files, and that the pneumonia logit is the mean of its map."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from data import REPOSITORY
from onnx_run import Graph
from preprocess import prepare

SIZE_LIMIT = 16 * 2**20


def check(folder):
    """The faults of one package, as sentences."""
    model = json.loads((folder / 'model.json').read_text())
    faults = []
    weights = folder / model['file']
    if hashlib.sha256(weights.read_bytes()).hexdigest() != model['sha256']:
        faults.append('sha256 differs from the file')
    if weights.stat().st_size > SIZE_LIMIT:
        faults.append('the file is too large')
    for name in ('card.md', 'LICENSE'):
        if not (folder / name).is_file():
            faults.append(f'{name} is missing')
    graph = Graph(weights)
    if graph.opset > 17:
        faults.append(f'opset {graph.opset}')
    if graph.inputs != [model['input']['name']]:
        faults.append(f'inputs are {graph.inputs}')
    wanted = [o['name'] for o in model['outputs']] + ([model['distribution']['output']] if 'distribution' in model else [])
    if sorted(graph.outputs) != sorted(wanted):
        faults.append(f'outputs are {graph.outputs}')
    golden = {name: np.load(folder / 'golden' / name) for name in [model['golden']['picture'], model['golden']['input']]}
    tensor, _ = prepare(model, golden[model['golden']['picture']], model['golden']['slice'])
    far = np.abs(tensor - golden[model['golden']['input']]).max()
    if far > 1e-5:
        faults.append(f'the golden input is {far} from what the steps give')
    missing = sorted(set(wanted) - set(model['golden']['outputs']))
    if missing:
        faults.append(f'the golden case lacks {missing}')
    outputs = graph(golden[model['golden']['input']])
    for name, file in model['golden']['outputs'].items():
        expected = np.load(folder / 'golden' / file)
        # A distance is a large number: its tolerance is relative.
        scale = np.maximum(1, np.abs(expected)) if 'distribution' in model and name == model['distribution']['output'] else 1
        far = (np.abs(outputs[name] - expected) / scale).max() if outputs[name].shape == expected.shape else np.inf
        if far > model['golden']['tolerance']:
            faults.append(f'output {name} is {far} from the golden one')
    if 'map' in outputs:
        far = np.abs(outputs['map'].mean((2, 3)) - outputs['probability']).max()
        if far > 1e-4:
            faults.append(f'the logit is {far} from the mean of its map')
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--models', type=Path, default=REPOSITORY / 'models')
    options = parser.parse_args()
    failed = False
    for path in sorted(options.models.glob('*/model.json')):
        faults = check(path.parent)
        failed |= bool(faults)
        print(f'{path.parent.name}: ' + ('; '.join(faults) or 'sound'))
    sys.exit(failed)


if __name__ == '__main__':
    main()
