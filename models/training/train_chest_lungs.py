"""Trains the lung outline. No picture under a non-commercial licence is read for training."""

import numpy as np
import torch

import augment
from data import chest_lungs
from fit import arguments, fit, outline_loss
from nets import Outline, parameters
from packages import CHEST_LUNGS, LUNGS_SIDE
from preprocess import percentile, prepare

BATCH = 12
# The free adults are few; each is shown this often for one showing of a child.
ADULT_SHOWINGS = 3
# The part of each axis of the film that is shown.
ZOOM = 0.8, 1.2


def scaled(values):
    low, high = percentile(values, 1), percentile(values, 99)
    return (np.clip((values - low) / max(high - low, 1e-6), 0, 1) - 0.5) / 0.25


def main():
    parser = arguments(__doc__, epochs=45, rate=2e-3)
    parser.set_defaults(seed=21)
    options = parser.parse_args()
    options.name = options.name or 'chest-lungs'
    options.every = 2
    torch.manual_seed(options.seed)
    cases = [c for c in chest_lungs(options.data, 'train') if c['free']]
    order = [i for i, c in enumerate(cases) for _ in range(ADULT_SHOWINGS if c['group'] == 'adult' else 1)]
    held = chest_lungs(options.data, 'validation')
    held_input = [torch.from_numpy(prepare(CHEST_LUNGS, c['picture'][None])[0]) for c in held]
    steps = len(order) // BATCH
    net = Outline(1)
    print(f'{len(cases)} cases, {steps} steps an epoch, {parameters(net)} parameters', flush=True)

    def batches(epoch):
        rng = np.random.default_rng([options.seed, epoch])
        shuffled = [cases[i] for i in rng.permutation(order)]
        for s in range(steps):
            made = [
                augment.chest(case['picture'], rng, LUNGS_SIDE, *ZOOM, 6, case['mask'])
                for case in shuffled[s * BATCH : (s + 1) * BATCH]
            ]
            pictures = np.stack([scaled(values) for values, _ in made])[:, None].astype(np.float32)
            masks = np.stack([outline for _, outline in made])[:, None].astype(np.float32)
            yield torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last), torch.from_numpy(masks)

    def loss(net, batch):
        pictures, masks = batch
        fine, coarse = net(pictures, with_coarse=True)
        small = torch.nn.functional.avg_pool2d(masks, 4)
        return outline_loss(fine, masks) + 0.3 * outline_loss(coarse, small)

    def validate(net):
        scores = {'child': [], 'adult': []}
        for case, picture in zip(held, held_input):
            logits = net(picture.contiguous(memory_format=torch.channels_last)).float()
            size = case['mask'].shape
            found = torch.nn.functional.interpolate(logits, size, mode='bilinear', align_corners=False)[0, 0].numpy() > 0
            scores[case['group']].append(2 * (found & case['mask']).sum() / (found.sum() + case['mask'].sum()))
        return {k: float(np.mean(v)) for k, v in scores.items()}

    fit(options, net, batches, steps, loss, validate)


if __name__ == '__main__':
    main()
