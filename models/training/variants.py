"""Runs of a tensor changed a little: how far the answers spread, in right cases and in wrong ones."""

import numpy as np

VARIANTS = [
    {'shift': [3, 3], 'gain': 0.94, 'offset': 0.05},
    {'shift': [-3, -3], 'gain': 1.06, 'offset': -0.05},
    {'shift': [3, -3], 'gain': 1.0, 'offset': 0.1},
    {'shift': [-3, 3], 'gain': 1.0, 'offset': -0.1},
]


def moved(values, down, right):
    """Shifted, the edge repeated."""
    rows, columns = values.shape[-2:]
    r = np.clip(np.arange(rows) - down, 0, rows - 1)
    c = np.clip(np.arange(columns) - right, 0, columns - 1)
    return values[..., r, :][..., c]


def changed(package, tensor):
    """The plain tensor, its flips and its variants, float32."""
    yield np.ascontiguousarray(tensor, np.float32)
    for flip in package['testTimeFlips']:
        yield np.ascontiguousarray(np.flip(tensor, 3 if flip == 'columns' else 2), np.float32)
    for v in package['testTimeVariants']:
        yield (moved(tensor, *v['shift']) * v['gain'] + v['offset']).astype(np.float32)


def widths(values, right):
    """Mean width of the intervals (least to greatest) of right and of wrong cases."""
    wide = np.array([max(v) - min(v) for v in values])
    right = np.asarray(right, bool)
    of = lambda chosen: float(wide[chosen].mean()) if chosen.any() else None
    return {'right': of(right), 'wrong': of(~right), 'right cases': int(right.sum()), 'wrong cases': int((~right).sum())}
