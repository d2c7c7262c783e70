"""Trains the pneumonia classifier: local evidence, its mean the logit.

What keeps it to the lungs: the package `chest-lungs` marks them on every training picture; local logits outside
are drawn to one constant, and now and then all outside is taken from another film. What keeps it from the
aspect ratio: stretch, and weights that make the classes equally frequent in every stratum of it.
"""

import numpy as np
import torch
from PIL import Image, ImageFilter
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

import augment
from data import chest_pneumonia
from figures import auc_of_like_aspect
from fit import arguments, fit
from nets import LocalEvidence, parameters
from outlined import with_lungs
from packages import CHEST_PNEUMONIA, CHEST_SIDE
from preprocess import percentile, prepare

BATCH = 24
OUTSIDE_LOGIT = -2.0


def scaled(values):
    low, high = percentile(values, 1), percentile(values, 99)
    return (np.clip((values - low) / max(high - low, 1e-6), 0, 1) - 0.5) / 0.25


def aspect_weights(cases, strata=8):
    """For each case 0.5 over the share of its class among films of like aspect ratio, within 0.4 to 3."""
    aspect = np.array([c['aspect'] for c in cases])
    sick = np.array([c['kind'] != 'normal' for c in cases])
    stratum = np.searchsorted(np.quantile(aspect, np.linspace(0, 1, strata + 1)[1:-1]), aspect)
    weights = np.empty(len(cases), np.float32)
    for s in range(strata):
        share = sick[stratum == s].mean()
        weights[stratum == s] = np.where(sick[stratum == s], 0.5 / max(share, 1e-3), 0.5 / max(1 - share, 1e-3))
    weights = np.clip(weights, 0.4, 3)
    return weights / weights.mean()


def around(lungs):
    """A soft margin about the lungs: 1 within, 0 far away."""
    image = Image.fromarray((lungs * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(9))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(4)), np.float32) / 255


def stretched(picture, across, down):
    """The middle of a picture, stretched: 1.2 shows 1 / 1.2 of that axis."""
    image = Image.fromarray(picture)
    w, h = image.size
    box = (w / 2 * (1 - 1 / across), h / 2 * (1 - 1 / down), w / 2 * (1 + 1 / across), h / 2 * (1 + 1 / down))
    return np.asarray(image.resize((w, h), Image.BILINEAR, box))


def main():
    parser = arguments(__doc__, epochs=45, rate=2e-3)
    parser.add_argument('--every', type=int, default=3)
    options = parser.parse_args()
    options.name = options.name or 'chest-pneumonia'
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    cases = with_lungs(options, chest_pneumonia(options.data, 'train'), 'train')
    held = with_lungs(options, chest_pneumonia(options.data, 'validation'), 'validation')
    weights = aspect_weights(cases)
    steps = len(cases) // BATCH
    net = LocalEvidence(2)
    print(f'{len(cases)} films, {steps} steps an epoch, {parameters(net)} parameters', flush=True)

    def batches(epoch):
        rng = np.random.default_rng([options.seed, epoch])
        order = rng.permutation(len(cases))
        for s in range(steps):
            chosen = order[s * BATCH : (s + 1) * BATCH]
            made = [
                augment.chest(cases[i]['picture'], rng, CHEST_SIDE, 0.68, 1.12, 4, cases[i]['lungs']) for i in chosen
            ]
            pictures = []
            for k, (values, lungs) in enumerate(made):
                if rng.random() < 0.3:
                    share = around(lungs)
                    values = share * values + (1 - share) * made[k - 1][0]
                pictures.append(scaled(values))
            yield (
                torch.from_numpy(np.stack(pictures)[:, None].astype(np.float32)).contiguous(memory_format=torch.channels_last),
                torch.from_numpy(np.stack([lungs for _, lungs in made])[:, None].astype(np.float32)),
                torch.tensor([float(cases[i]['kind'] != 'normal') for i in chosen]),
                torch.tensor([float(cases[i]['kind'] == 'virus') for i in chosen]),
                torch.from_numpy(weights[chosen]),
            )

    def loss(net, batch):
        pictures, lungs, sick, virus, weight = batch
        maps = net(pictures).float()
        logits = maps.mean((2, 3))
        value = F.binary_cross_entropy_with_logits(logits[:, 0], sick * 0.96 + 0.02, weight)
        value = value + 0.15 * F.binary_cross_entropy_with_logits(logits[:, 1], virus * 0.9 + 0.05, sick)
        outside = 1 - F.max_pool2d(F.avg_pool2d(lungs, 8), 3, 1, 1).clamp(0, 1)
        return value + 0.04 * ((maps[:, :1] - OUTSIDE_LOGIT).square() * outside).mean()

    sick = np.array([c['kind'] != 'normal' for c in held])
    virus = np.array([c['kind'] == 'virus' for c in held])
    aspect = np.array([c['aspect'] for c in held])

    def maps_of(net, change=lambda picture: picture):
        tensors = torch.from_numpy(np.concatenate([prepare(CHEST_PNEUMONIA, change(c['picture'])[None])[0] for c in held]))
        return torch.cat([net(t.contiguous(memory_format=torch.channels_last)).float() for t in tensors.split(30)]).numpy()

    def validate(net):
        maps = maps_of(net)
        score = maps[:, 0].mean((1, 2))
        wide = maps_of(net, lambda p: stretched(p, 1.2, 1))[:, 0].mean((1, 2))
        tall = maps_of(net, lambda p: stretched(p, 1, 1.2))[:, 0].mean((1, 2))
        chance = lambda logits: 1 / (1 + np.exp(-logits))
        return {
            'auc': roc_auc_score(sick, score),
            'like': auc_of_like_aspect(sick, score, aspect),
            'wide': roc_auc_score(sick, wide),
            'tall': roc_auc_score(sick, tall),
            'moved': float(np.mean(np.abs(chance(wide) - chance(tall)))),
            'virus': roc_auc_score(virus[sick], maps[sick, 1].mean((1, 2))),
        }

    fit(options, net, batches, steps, loss, validate)


if __name__ == '__main__':
    main()
