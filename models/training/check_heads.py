"""The head slices that the check of FLAIR is trained and measured with."""

import numpy as np
from PIL import Image
from scipy.ndimage import binary_fill_holes, binary_opening, distance_transform_edt

import wrong_films
from data import brain_flair
from other_contrasts import imitated
from packages import CHECK_SIDE, FLAIR_CHECK
from preprocess import prepare_series
from studies import series

LABELS = ('flair', 't1', 't2-or-pd', 'other')
# The end slices of a series hold little brain; Overread asks about the middle 70 %.
MIDDLE = 0.7
SAMPLES = 9


def middle(count):
    """The slices Overread samples of a series of `count` (main/host/pixel-screening.ts)."""
    first = int(count * (1 - MIDDLE) / 2)
    span = max(1, count - 2 * first)
    places = min(SAMPLES, span)
    return [first + int((i + 0.5) * span / places) for i in range(places)]


def flair_planes(options, split):
    """Planes of each patient of the set; kept in a file."""
    path = options.work / f'flair-check-{split}.npz'
    cases = brain_flair(options.data, split)
    if not path.exists():
        options.work.mkdir(parents=True, exist_ok=True)
        planes = np.concatenate([prepare_series(FLAIR_CHECK, c['pictures'])[0] for c in cases])
        np.savez(path, planes=planes.astype(np.float16))
    planes = np.load(path)['planes'].astype(np.float32)
    return np.split(planes, np.cumsum([len(c['pictures']) for c in cases])[:-1])


def axial_of_coronal(volume):
    """The conformed head as axial slices, the nose upwards as `orient` leaves them, the vertex last."""
    return np.ascontiguousarray(volume.transpose(1, 0, 2)[::-1])


def head(files, name):
    volume = series(files / 'studies' / name)
    return axial_of_coronal(volume) if name == 't1_head_conformed_derived' else volume


def stripped(plane, margin):
    """Roughly as after skull-stripping and the package's steps: cut to what is left, and scaled by it."""
    head_ = binary_fill_holes(binary_opening(plane > -1.3, iterations=2))
    inside = distance_transform_edt(head_) > margin
    if inside.sum() < 600:
        return plane
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    side = max(np.ptp(rows), np.ptp(columns)) + 1
    top, left = (rows[0] + rows[-1] + 1 - side) // 2, (columns[0] + columns[-1] + 1 - side) // 2
    # As the package scales: the 10th percentile of what is left to -1, its median to 0, air below. The least of the plane is air.
    low, middle_ = np.percentile(plane[inside], [10, 50])
    values = (plane - low) / max(middle_ - low, 0.05) - 1
    air = (plane.min() - low) / max(middle_ - low, 0.05) - 1
    values = np.where(inside, values, max(air, -4.0))
    image = Image.fromarray(values.astype(np.float32)).transform(
        (plane.shape[1], plane.shape[0]), Image.EXTENT, (int(left), int(top), int(left + side), int(top + side)), Image.BILINEAR, fillcolor=float(max(air, -4.0))
    )
    return np.clip(np.asarray(image), -2.5, 4).astype(np.float32)


def nothing(rng):
    """A plane without a head."""
    make = wrong_films.MADE[rng.integers(len(wrong_films.MADE))]
    values = make(rng, CHECK_SIDE)
    low, high = np.percentile(values, [10, 50])
    return np.clip((values - low) / max(high - low, 1e-3) - 1, -2.5, 4).astype(np.float32)


def other_than_flair(label, plane, t1, rng):
    """A plane for a label: imitated from FLAIR, of a T1 head, or no head."""
    if label == 't1':
        return t1[rng.integers(len(t1))] if rng.random() < 0.4 else imitated(plane, 't1', rng)
    if label == 't2-or-pd':
        return imitated(plane, 't2' if rng.random() < 0.5 else 'pd', rng)
    return nothing(rng)
