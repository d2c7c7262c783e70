"""Measures a package as it lies in `models/`, on the validation split."""

import argparse
import json
from pathlib import Path

import torch

from data import REPOSITORY
from export import EVALUATE, options_of, rounded
from runtime_graph import RuntimeGraph


def main():
    parser = options_of(argparse.ArgumentParser(description=__doc__))
    parser.add_argument('--models', type=Path, default=REPOSITORY / 'models')
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = options.models / options.package
    model = json.loads((folder / 'model.json').read_text())
    measured = EVALUATE[options.package](model, RuntimeGraph(folder / model['file'], options.threads), options)
    print(json.dumps(rounded(measured), indent=1, ensure_ascii=False, default=str))


if __name__ == '__main__':
    main()
