"""Random changes of a batch of brain slices, as tensors: geometry, grey values, noise, resolution."""

import numpy as np
import torch
from torch.nn import functional as F


def uniform(rng, low, high, *shape):
    return torch.from_numpy(rng.uniform(low, high, shape).astype(np.float32))


def some(rng, chance, count):
    """Which of the batch: [count, 1, 1, 1]."""
    return torch.from_numpy((rng.random((count, 1, 1, 1)) < chance).astype(np.float32))


def noise(rng, *shape):
    return torch.from_numpy(rng.standard_normal(shape, np.float32))


def move(stacks, masks, rng):
    """Rotation, zoom, stretch, shear, shift, mirror and a slow bend, the same for a stack and its mask."""
    count, _, side, _ = stacks.shape
    angle = uniform(rng, -0.4, 0.4, count)
    zoom = torch.exp(uniform(rng, -0.25, 0.2, count))
    stretch = torch.exp(uniform(rng, -0.1, 0.1, count))
    shear = uniform(rng, -0.1, 0.1, count)
    mirror = torch.from_numpy(np.where(rng.random(count) < 0.5, -1, 1).astype(np.float32))
    cos, sin = torch.cos(angle), torch.sin(angle)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = zoom * stretch * cos * mirror
    theta[:, 0, 1] = zoom * stretch * (shear - sin)
    theta[:, 1, 0] = zoom / stretch * sin * mirror
    theta[:, 1, 1] = zoom / stretch * cos
    theta[:, :, 2] = uniform(rng, -0.1, 0.1, count, 2)
    grid = F.affine_grid(theta, (count, 1, side, side), align_corners=False)
    bend = F.interpolate(noise(rng, count, 2, 5, 5), (side, side), mode='bicubic', align_corners=True)
    amount = uniform(rng, 0, 0.03, count, 1, 1, 1) * some(rng, 0.5, count)
    grid = grid + (bend * amount).permute(0, 2, 3, 1)
    both = torch.cat([stacks, masks], 1)
    lowest = stacks.amin((1, 2, 3), keepdim=True)
    both[:, :-1] -= lowest
    both = F.grid_sample(both, grid, mode='bilinear', padding_mode='zeros', align_corners=False)
    return both[:, :-1] + lowest, both[:, -1:]


def lose_resolution(stacks, rng):
    side = stacks.shape[-1]
    for i in np.flatnonzero(rng.random(len(stacks)) < 0.25):
        size = [int(side * s) for s in rng.uniform(0.4, 0.9, 2)]
        small = F.interpolate(stacks[i : i + 1], size, mode='area')
        stacks[i : i + 1] = F.interpolate(small, (side, side), mode='bilinear', align_corners=False)
    return stacks


def change_grey(stacks, rng):
    """Values after `standardise`: the air near -2, median brain 0."""
    count, channels, side, _ = stacks.shape
    lowest = stacks.amin((1, 2, 3), keepdim=True)
    base = (stacks - lowest).clamp_min(0) / 3
    curved = torch.exp(uniform(rng, -0.3, 0.3, count, 1, 1, 1)) * torch.log(base + 1e-4)
    stacks = torch.exp(curved) * 3 + lowest
    field = F.interpolate(noise(rng, count, 1, 3, 3), (side, side), mode='bicubic', align_corners=True)
    gain = 1 + field * uniform(rng, 0, 0.15, count, 1, 1, 1) * some(rng, 0.4, count)
    gain = gain * torch.exp(uniform(rng, -0.2, 0.2, count, 1, 1, 1)) * (1 + 0.04 * noise(rng, count, channels, 1, 1))
    stacks = (stacks - lowest) * gain + lowest + uniform(rng, -0.25, 0.25, count, 1, 1, 1)
    grain = noise(rng, *stacks.shape)
    stacks = stacks + grain * uniform(rng, 0, 0.3, count, 1, 1, 1) * some(rng, 0.5, count)
    hot = torch.from_numpy((rng.random(stacks.shape) < 0.012).astype(np.float32)) * some(rng, 0.15, count)
    return stacks + hot * uniform(rng, 1, 8, count, 1, 1, 1)


def brain(stacks, masks, rng):
    """Stacks [n, 3, rows, columns] and masks [n, 1, rows, columns], changed and clipped as the package clips."""
    stacks, masks = move(stacks, masks, rng)
    stacks = lose_resolution(stacks, rng)
    return change_grey(stacks, rng).clamp(-2.5, 4), masks
