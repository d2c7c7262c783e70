"""Trains the check of chest films: frontal, upright, not inverted, not cropped, and a chest at all.

Every wrong picture is made from the films, is a slice of one of four heads, or is drawn. No picture under a
non-commercial licence is read for training.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import augment
from check_films import LABELS, heads, made, training_films, validation_films
from fit import arguments, fit
from nets import Check, parameters
from packages import CHECK_SIDE, CHEST_CHECK
from preprocess import percentile, prepare
from studies import DEFAULT_FILES

BATCH = 40
STEPS = 100
SHARES = (0.42, 0.08, 0.11, 0.08, 0.11, 0.06, 0.14)
# The free adults are few; this share of the films shown are theirs.
ADULTS = 0.3


def scaled(values):
    low, high = percentile(values, 1), percentile(values, 99)
    return (np.clip((values - low) / max(high - low, 1e-6), 0, 1) - 0.5) / 0.25


def main():
    parser = arguments(__doc__, epochs=18, rate=3e-3)
    parser.add_argument('--files', type=Path, default=DEFAULT_FILES, help='folder with the DICOM files')
    parser.add_argument('--every', type=int, default=3)
    options = parser.parse_args()
    options.name = options.name or 'chest-input-check'
    torch.manual_seed(options.seed)
    children, adults = training_films(options)
    brains = heads(options.files)
    rng = np.random.default_rng(3)
    held = [(made(film, label, brains, rng), k) for film in validation_films(options)[::4] for k, label in enumerate(LABELS)]
    held = [(prepare(CHEST_CHECK, picture[None])[0], k) for picture, k in held if picture is not None]
    held_input, held_label = torch.from_numpy(np.concatenate([t for t, _ in held])), np.array([k for _, k in held])
    net = Check(1, len(LABELS))
    print(f'{len(children)} and {len(adults)} films, {len(brains)} head slices, {parameters(net)} parameters', flush=True)

    def one(rng):
        pool = adults if rng.random() < ADULTS else children
        label = rng.choice(len(LABELS), p=SHARES)
        picture = None
        while picture is None:
            picture = made(pool[rng.integers(len(pool))], LABELS[label], brains, rng)
        closest = 0.92 if LABELS[label] == 'suitable' else 0.8
        return scaled(augment.chest(picture, rng, CHECK_SIDE, closest, 1.15, 5)[0]), label

    def batches(epoch):
        rng = np.random.default_rng([options.seed, epoch])
        for _ in range(STEPS):
            pairs = [one(rng) for _ in range(BATCH)]
            pictures = torch.from_numpy(np.stack([p for p, _ in pairs])[:, None].astype(np.float32))
            yield pictures.contiguous(memory_format=torch.channels_last), torch.tensor([int(k) for _, k in pairs])

    def loss(net, batch):
        pictures, label = batch
        return F.cross_entropy(net(pictures).float(), label, label_smoothing=0.02)

    def validate(net):
        logits = torch.cat([net(t.contiguous(memory_format=torch.channels_last)).float() for t in held_input.split(64)]).numpy()
        told, suitable = logits.argmax(1), held_label == 0
        return {
            'right': float((told == held_label).mean()),
            'accepts': float((told[suitable] == 0).mean()),
            'refuses': float((told[~suitable] != 0).mean()),
        }

    fit(options, net, batches, STEPS, loss, validate)


if __name__ == '__main__':
    main()
