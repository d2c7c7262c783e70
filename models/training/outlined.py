"""Lungs on the films of the pneumonia set, by the package `chest-lungs` as it lies in `models/`."""

import numpy as np
from PIL import Image

from data import REPOSITORY
from packages import CHEST_LUNGS
from preprocess import prepare
from runtime_graph import RuntimeGraph

PACKAGE = REPOSITORY / 'models' / 'chest-lungs' / 'model.onnx'


def with_lungs(options, cases, split):
    """Adds `lungs` (0 to 1, on the picture's grid), the mean of film and mirrored film; kept in a file."""
    path = options.work / f'pneumonia-lungs-{split}.npz'
    if not path.exists():
        options.work.mkdir(parents=True, exist_ok=True)
        graph = RuntimeGraph(PACKAGE, options.threads)
        found = []
        for case in cases:
            tensor = prepare(CHEST_LUNGS, case['picture'][None])[0]
            plain, mirrored = graph(tensor)['lungs'][0, 0], graph(tensor[..., ::-1])['lungs'][0, 0, :, ::-1]
            chance = (1 / (1 + np.exp(-plain)) + 1 / (1 + np.exp(-mirrored))) / 2
            found.append((chance * 255).astype(np.uint8))
        np.savez(path, lungs=np.stack(found))
    for case, lungs in zip(cases, np.load(path)['lungs']):
        image = Image.fromarray(lungs).resize(case['picture'].shape[::-1], Image.BILINEAR)
        case['lungs'] = np.asarray(image, np.float32) / 255
    return cases
