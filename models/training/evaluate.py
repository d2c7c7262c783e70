"""Measures a package as it lies in `models/`, on the validation split."""

import argparse
import json
from pathlib import Path

import torch

from data import DEFAULT_DATA, REPOSITORY
from export import EVALUATE, rounded
from runtime_graph import RuntimeGraph
from packages import PACKAGES


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('package', choices=sorted(PACKAGES))
    parser.add_argument('--data', type=Path, default=DEFAULT_DATA)
    parser.add_argument('--models', type=Path, default=REPOSITORY / 'models')
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = options.models / options.package
    model = json.loads((folder / 'model.json').read_text())
    measured = EVALUATE[options.package](model, RuntimeGraph(folder / model['file'], options.threads), options.data)
    print(json.dumps(rounded(measured), indent=1, ensure_ascii=False, default=str))


if __name__ == '__main__':
    main()
