"""Writes a package from checkpoints: graph, model.json with its measured figures, card and golden files. The licence lies there."""

import argparse
import copy
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch

import cards
import distribution
import evaluate_brain_flair
import evaluate_checks
import evaluate_chest_lungs
import evaluate_chest_pneumonia
import graph_edit
from build import build
from data import DEFAULT_DATA, REPOSITORY, brain_flair, chest_lungs, chest_pneumonia
from figures import sigmoid
from fit import keep_memory
from packages import PACKAGES
from preprocess import prepare
from runtime_graph import RuntimeGraph
from studies import DEFAULT_FILES

EVALUATE = {
    'chest-pneumonia': evaluate_chest_pneumonia.measure,
    'chest-lungs': evaluate_chest_lungs.measure,
    'brain-flair-abnormality': evaluate_brain_flair.measure,
    'chest-input-check': evaluate_checks.measure_films,
    'mr-flair-check': evaluate_checks.measure_heads,
}
HEADLINE = {
    'chest-pneumonia': evaluate_chest_pneumonia.headline,
    'chest-lungs': evaluate_chest_lungs.headline,
    'brain-flair-abnormality': evaluate_brain_flair.headline,
    'chest-input-check': evaluate_checks.headline_of_films,
    'mr-flair-check': evaluate_checks.headline_of_heads,
}
# Float16 weights are taken where the score moves by this much at most and no validation case crosses its operating point.
HALVING_COST = 0.002


def options_of(parser):
    parser.add_argument('package', choices=sorted(PACKAGES))
    parser.add_argument('--data', type=Path, default=DEFAULT_DATA)
    parser.add_argument('--files', type=Path, default=DEFAULT_FILES, help='folder with the DICOM files')
    parser.add_argument('--work', type=Path, default=Path(tempfile.gettempdir()) / 'train')
    parser.add_argument('--threads', type=int, default=1)
    return parser


def golden_picture(identifier, data):
    """A validation picture as the stage holds it, with the slice meant; a brain's is a part of a series."""
    if identifier == 'chest-pneumonia':
        case = next(c for c in chest_pneumonia(data, 'validation') if c['kind'] == 'bacteria')
        return case['picture'][None], 0
    if identifier.startswith('chest-'):
        case = next(c for c in chest_lungs(data, 'validation') if c['group'] == 'child')
        return case['picture'][None], 0
    case = next(c for c in brain_flair(data, 'validation') if c['masks'][5:].any())
    largest = int(case['masks'].sum((1, 2)).argmax())
    return case['pictures'][largest - 1 : largest + 2].astype(np.float32), 1


def write_golden(package, graph, folder, data):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    picture, index = golden_picture(package['id'], data)
    tensor, _ = prepare(package, picture, index)
    np.save(folder / 'picture.npy', picture)
    np.save(folder / 'input.npy', tensor)
    outputs = {}
    for name, values in graph(tensor).items():
        np.save(folder / f'{name}.npy', values)
        outputs[name] = f'{name}.npy'
    return {'picture': 'picture.npy', 'slice': index, 'input': 'input.npy', 'outputs': outputs, 'tolerance': 0.001}


def crossings(plain, halved, measured):
    """Validation cases that one graph puts on the other side of an operating point than the other."""
    divisor = measured['calibration']['temperature']
    return max(int(((sigmoid(plain / divisor) >= p['threshold']) != (sigmoid(halved / divisor) >= p['threshold'])).sum()) for p in measured['operatingPoints'])


def with_fitting_weights(package, model, path, options):
    """Writes the graph with float16 weights where that changes nothing that counts; gives its graph, figures and what changed."""
    graph_edit.save(model, path)
    headline = HEADLINE[package['id']]
    before, cases = headline(package, RuntimeGraph(path, options.threads), options)
    graph_edit.save(graph_edit.halved(copy.deepcopy(model)), path)
    graph = RuntimeGraph(path, options.threads)
    after, cases_after = headline(package, graph, options)
    measured = EVALUATE[package['id']](package, graph, options)
    crossed = 0 if cases is None else crossings(cases, cases_after, measured)
    cost = {'half': True, 'change': abs(after - before), 'crossed': None if cases is None else crossed}
    if abs(after - before) <= HALVING_COST and crossed == 0:
        return graph, measured, cost
    graph_edit.save(model, path)
    graph = RuntimeGraph(path, options.threads)
    return graph, EVALUATE[package['id']](package, graph, options), {**cost, 'half': False}


def history(files):
    """Of each net how it was trained, where its checkpoint tells."""
    told = []
    for file in files:
        if str(file).endswith('.pt'):
            saved = torch.load(file, map_location='cpu')
            told.append({'seed': int(saved['options']['seed']), 'epochs': saved['epoch'], 'minutes': round(saved['seconds'] / 60)})
        else:
            told.append(json.loads((Path(file).parent / 'nets.json').read_text()))
    return told


def main():
    parser = options_of(argparse.ArgumentParser(description=__doc__))
    parser.add_argument('--nets', type=Path, nargs='+', help='checkpoints, or graphs with a nets.json beside them; more than one are averaged')
    parser.add_argument('--out', type=Path, default=REPOSITORY / 'models')
    parser.add_argument('--version', default='1.0.0')
    options = parser.parse_args()
    keep_memory()
    torch.set_num_threads(options.threads)
    files = options.nets or [options.work / f'{options.package}.pt']
    folder = options.out / options.package
    folder.mkdir(parents=True, exist_ok=True)
    package = copy.deepcopy(PACKAGES[options.package])
    nets = history(files)
    model, left_out = build(package, files, options)
    graph, measured, weights = with_fitting_weights(package, model, folder / 'model.onnx', options)
    measured['weights'] = weights
    extra = {}
    if package['task'] != 'input-check':
        measured['distance'] = distribution.measure(package, graph, options, left_out)
        extra['distribution'] = {
            'output': 'distance',
            'of': 'picture' if package['input']['kind'] == 'image' else 'series',
            'threshold': measured['distance']['threshold'],
            'measuredOn': measured['distance']['measuredOn'],
        }
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
        'testTimeVariants': package['testTimeVariants'],
        'outputs': package['outputs'],
        **extra,
        'calibration': measured['calibration'],
        'operatingPoints': measured['operatingPoints'],
        'findings': package['findings'],
        'metrics': measured['metrics'],
        'training': {**package['training'], 'seed': nets[0]['seed']},
        'golden': golden,
    }
    (folder / 'model.json').write_text(json.dumps(rounded(model), indent=2, ensure_ascii=False) + '\n')
    (folder / 'card.md').write_text(cards.write(model, measured, nets))
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
