"""Trains the outline of FLAIR abnormality on stacks of three neighbouring slices."""

import numpy as np
import torch
from scipy.ndimage import binary_fill_holes, binary_opening, distance_transform_edt

import augment_brain
from data import brain_flair
from fit import arguments, fit, outline_loss
from nets import Outline, parameters
from packages import BRAIN_FLAIR, BRAIN_SIDE
from preprocess import cut, neighbours, prepare_series, resize_weights

BATCH = 10
# Slices without lesion for one with: rare false positives are wanted.
EMPTY_SHARE = 0.7


def prepared(work, data, split):
    """Patients with their planes (float32) and masks (0 to 1) on the input's grid; kept in a file."""
    path = work / f'brain-{split}-{BRAIN_SIDE}.npz'
    cases = brain_flair(data, split)
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        planes, masks = [], []
        for case in cases:
            plane, traces = prepare_series(BRAIN_FLAIR, case['pictures'])
            _, top, left, _, _ = traces[0].entries[0]
            side = traces[0].entries[1][1]
            weights = resize_weights(side, BRAIN_SIDE)
            masks += [weights @ cut(m.astype(float), top, left, side, side, 0.0) @ weights.T for m in case['masks']]
            planes += list(plane)
        np.savez(path, planes=np.stack(planes).astype(np.float16), masks=np.stack(masks).astype(np.float16))
    kept = np.load(path)
    planes, masks = kept['planes'].astype(np.float32), kept['masks'].astype(np.float32)
    start = 0
    for case in cases:
        stop = start + len(case['pictures'])
        case['planes'], case['outlines'] = planes[start:stop], masks[start:stop]
        start = stop
    return cases


def depth(plane):
    """How deep in the head each pixel lies, in pixels of the input's grid."""
    head = binary_fill_holes(binary_opening(plane > -1.3, iterations=2))
    return np.minimum(distance_transform_edt(head), 255).astype(np.uint8)


def stack(planes, index, rng):
    """The neighbours as they may lie at run time: mostly next, sometimes the same slice (thin slices) or two away."""
    jump = rng.choice([0, 1, 1, 1, 1, 1, 1, 2])
    chosen = neighbours(index, len(planes), 3, jump)
    if rng.random() < 0.5:
        chosen = chosen[::-1]
    return planes[chosen], chosen


def stripped(case, chosen, stack, outline, rng):
    """Roughly as after skull-stripping: all within some pixels of the surface of the head becomes air."""
    inside = case['depth'][chosen] > rng.integers(8, 18)
    lowest = stack.min()
    bright = np.exp(rng.uniform(0, 0.35))
    return np.where(inside, (stack - lowest) * bright + lowest, lowest), outline * inside[1]


def main():
    parser = arguments(__doc__, epochs=55, rate=2e-3)
    parser.add_argument('--every', type=int, default=3)
    options = parser.parse_args()
    options.name = options.name or 'brain-flair-abnormality'
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    cases = prepared(options.work, options.data, 'train')
    held = prepared(options.work, options.data, 'validation')
    for case in cases:
        case['depth'] = np.stack([depth(plane) for plane in case['planes']])
    index = [(c, i) for c in cases for i in range(len(c['planes']))]
    lesion = [k for k, (c, i) in enumerate(index) if c['masks'][i].any()]
    empty = [k for k, (c, i) in enumerate(index) if not c['masks'][i].any()]
    steps = int(len(lesion) * (1 + EMPTY_SHARE)) // BATCH
    net = Outline(3)
    print(f'{len(cases)} patients, {len(lesion)} slices with lesion, {len(empty)} without, {steps} steps an epoch, {parameters(net)} parameters', flush=True)

    def batches(epoch):
        rng = np.random.default_rng([options.seed, epoch])
        order = np.concatenate([lesion, rng.permutation(empty)[: int(len(lesion) * EMPTY_SHARE)]])
        order = rng.permutation(order)
        for s in range(steps):
            chosen = [index[k] for k in order[s * BATCH : (s + 1) * BATCH]]
            stacks, masks = [], []
            for case, i in chosen:
                pictures, near = stack(case['planes'], i, rng)
                outline = case['outlines'][i]
                if rng.random() < 0.2:
                    pictures, outline = stripped(case, near, pictures, outline, rng)
                stacks.append(pictures)
                masks.append(outline)
            stacks = torch.from_numpy(np.stack(stacks))
            masks = torch.from_numpy(np.stack(masks)[:, None])
            stacks, masks = augment_brain.brain(stacks, masks, rng)
            yield stacks.contiguous(memory_format=torch.channels_last), masks

    def loss(net, batch):
        stacks, masks = batch
        fine, coarse = net(stacks, with_coarse=True)
        return outline_loss(fine, masks) + 0.3 * outline_loss(coarse, torch.nn.functional.avg_pool2d(masks, 4))

    def validate(net):
        scores, wrong, clear = [], 0, 0
        for case in held:
            planes = case['planes']
            stacks = np.stack([planes[neighbours(i, len(planes), 3)] for i in range(len(planes))])
            logits = net(torch.from_numpy(stacks).contiguous(memory_format=torch.channels_last)).float().numpy()[:, 0]
            found, truth = logits > 0, case['outlines'] > 0.5
            scores.append(2 * (found & truth).sum() / max(1, found.sum() + truth.sum()))
            without = ~case['masks'].any((1, 2))
            wrong += (found[without].sum((1, 2)) > 20).sum()
            clear += without.sum()
        return {'dice': float(np.mean(scores)), 'median': float(np.median(scores)), 'lowest': float(min(scores)), 'false': wrong / clear}

    fit(options, net, batches, steps, loss, validate)


if __name__ == '__main__':
    main()
