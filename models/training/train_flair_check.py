"""Trains the check of FLAIR on single axial slices of the head."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import augment_brain
from check_heads import LABELS, flair_planes, head, middle, other_than_flair, stripped
from fit import arguments, fit
from nets import Check, parameters
from other_contrasts import other_sharpness
from packages import FLAIR_CHECK
from preprocess import prepare_series
from studies import DEFAULT_FILES

BATCH = 40
STEPS = 60
SHARES = (0.45, 0.22, 0.23, 0.1)


def main():
    parser = arguments(__doc__, epochs=16, rate=3e-3)
    parser.add_argument('--files', type=Path, default=DEFAULT_FILES, help='folder with the DICOM files')
    parser.add_argument('--every', type=int, default=3)
    options = parser.parse_args()
    options.name = options.name or 'mr-flair-check'
    torch.manual_seed(options.seed)
    trim = lambda planes: planes[int(len(planes) * 0.1) : int(len(planes) * 0.92)]
    flair = np.concatenate([trim(planes) for planes in flair_planes(options, 'train')])
    t1 = head(options.files, 't1_head_mr')
    t1 = prepare_series(FLAIR_CHECK, t1[int(len(t1) * 0.15) :: 3])[0]
    rng = np.random.default_rng(3)
    held = [planes[middle(len(planes))] for planes in flair_planes(options, 'validation')]
    held = [
        (plane if k == 0 else other_than_flair(label, plane, t1, rng), k)
        for planes in held
        for plane in planes
        for k, label in enumerate(LABELS)
    ]
    held_input, held_label = torch.from_numpy(np.stack([p for p, _ in held])[:, None]), np.array([k for _, k in held])
    net = Check(1, len(LABELS))
    print(f'{len(flair)} slices of FLAIR, {len(t1)} of T1, {parameters(net)} parameters', flush=True)

    def one(rng):
        label = rng.choice(len(LABELS), p=SHARES)
        plane = flair[rng.integers(len(flair))]
        plane = plane if label == 0 else other_than_flair(LABELS[label], plane, t1, rng)
        if label < 3 and rng.random() < 0.35:
            plane = stripped(plane, rng.integers(6, 14))
        # T1 is of one sharp head: without this its sharpness would tell it.
        return (other_sharpness(plane, rng) if label < 3 and rng.random() < 0.6 else plane), label

    def batches(epoch):
        rng = np.random.default_rng([options.seed, epoch])
        for _ in range(STEPS):
            pairs = [one(rng) for _ in range(BATCH)]
            planes = torch.from_numpy(np.stack([p for p, _ in pairs])[:, None].astype(np.float32))
            planes, _ = augment_brain.brain(planes, torch.zeros_like(planes), rng)
            yield planes.contiguous(memory_format=torch.channels_last), torch.tensor([int(k) for _, k in pairs])

    def loss(net, batch):
        planes, label = batch
        return F.cross_entropy(net(planes).float(), label, label_smoothing=0.02)

    def validate(net):
        logits = torch.cat([net(t.contiguous(memory_format=torch.channels_last)).float() for t in held_input.split(64)]).numpy()
        told, right = logits.argmax(1), held_label == 0
        return {
            'right': float((told == held_label).mean()),
            'accepts': float((told[right] == 0).mean()),
            'refuses': float((told[~right] != 0).mean()),
        }

    fit(options, net, batches, STEPS, loss, validate)


if __name__ == '__main__':
    main()
