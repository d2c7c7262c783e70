"""The films that the check of chest films is trained and measured with, and the wrong pictures made of them."""

import numpy as np

import wrong_films
from data import chest_lungs, chest_pneumonia
from outlined import with_lungs
from studies import eight_bits, series

LABELS = ('suitable', 'turned', 'upside-down', 'inverted', 'cropped', 'lateral', 'other')
MAKE = {
    'turned': wrong_films.turned,
    'upside-down': wrong_films.upside_down,
    'inverted': wrong_films.inverted,
    'cropped': wrong_films.cropped,
    'lateral': wrong_films.lateral_like,
}
HEADS = ('t1_head_mr', 't1_head_conformed_derived', 'pd_head_mr', 'ct_head_ge')


def lung_films(data, split):
    """Films of the outline set, with `lungs`."""
    return [{**case, 'lungs': case['mask'].astype(np.float32)} for case in chest_lungs(data, split)]


def training_films(options):
    """Children and the adults under a free licence, apart."""
    children = with_lungs(options, chest_pneumonia(options.data, 'train'), 'train')
    adults = [c for c in lung_films(options.data, 'train') if c['free'] and c['group'] == 'adult']
    return children, adults


def validation_films(options):
    """Adds the adults under a non-commercial licence of both splits: they are nowhere trained on."""
    children = with_lungs(options, chest_pneumonia(options.data, 'validation'), 'validation')
    held = lung_films(options.data, 'validation')
    return children + held + [c for c in lung_films(options.data, 'train') if not c['free']]


def heads(files):
    """Slices of four heads in all three planes; those with little head in them are left out."""
    found = []
    for name in HEADS:
        volume = eight_bits(series(files / 'studies' / name))
        for axis in range(3):
            step = max(1, volume.shape[axis] // 40)
            planes = [np.take(volume, i, axis) for i in range(0, volume.shape[axis], step)]
            found += [p for p in planes if min(p.shape) >= 96 and (p > 40).mean() > 0.1]
    return found


def made(film, label, brains, rng):
    """A picture for a label, made from a film; None where the film gives none."""
    if label == 'suitable':
        return film['picture']
    if label == 'other':
        return wrong_films.other(film['picture'], brains, rng)
    return MAKE[label](film['picture'], film['lungs'], rng)
