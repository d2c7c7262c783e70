"""Other contrasts imitated from FLAIR by other grey values: no set of them is at hand.

Planes are as the package's steps leave them: air near -2, fluid near -1.2, median brain 0, lesion and fat above.
"""

import numpy as np
from scipy.ndimage import binary_fill_holes, binary_opening, distance_transform_edt, gaussian_filter

# Grey values of FLAIR, and what air, fluid, white matter, grey matter and lesion become.
FLAIR = (-2.5, -1.9, -1.2, -0.35, 0.1, 0.6, 1.5, 4)
LIKE = {
    # white matter bright, grey matter darker, lesion and fluid dark
    't1': (-2.5, -1.9, -1.4, 0.8, -0.1, -0.7, -0.9, -0.9),
    # fluid and lesion bright, white matter dark
    't2': (-2.5, 2.6, 2.6, -0.6, 0.2, 0.9, 1.8, 2.5),
    # little contrast, fluid not dark
    'pd': (-2.5, 0.0, 0.0, -0.2, 0.2, 0.5, 0.8, 1.0),
}


def inside(plane, margin):
    """How much each pixel lies inside the head, 0 to 1; its shell of skin, fat and bone is outside."""
    head = binary_fill_holes(binary_opening(plane > -1.3, iterations=2))
    deep = distance_transform_edt(head) > margin
    return gaussian_filter(deep.astype(np.float32), 1)


def other_sharpness(plane, rng):
    """Blurred or sharpened: thin slices are sharp and thick ones are not, whatever the contrast."""
    blurred = gaussian_filter(plane, rng.uniform(0.5, 1.3) * plane.shape[0] / 128)
    if rng.random() < 0.5:
        return blurred
    return np.clip(plane + rng.uniform(0.5, 2.5) * (plane - blurred), -2.5, 4).astype(np.float32)


def imitated(plane, contrast, rng):
    """A plane of FLAIR with the grey values of another contrast, somewhat at random."""
    values = np.array(LIKE[contrast])
    values[1:] += rng.normal(0, 0.15, len(values) - 1)
    brain = np.interp(plane, FLAIR, values)
    share = inside(plane, rng.uniform(5, 9) * plane.shape[0] / 128)
    shell = plane * np.exp(rng.uniform(-0.3, 0.5)) if contrast == 't1' else plane
    return (share * brain + (1 - share) * shell).astype(np.float32)
