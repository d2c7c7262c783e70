"""Random changes of a chest picture: what a film may look like that is still the same film.

They fight the shortcuts of the training data: aspect ratio, blur, border and letters (its README names them).
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

FILTERS = (Image.BOX, Image.BILINEAR, Image.BICUBIC, Image.LANCZOS)


def lose_resolution(image, rng):
    """Fewer pixels, on each axis differently: blur along one axis tells the original's aspect ratio."""
    width, height = image.size
    scale = rng.uniform(0.4, 1, 2)
    return image.resize((max(48, int(width * scale[0])), max(48, int(height * scale[1]))), FILTERS[rng.integers(4)])


def region(rng, closest, widest, rotation):
    """The part of the picture to show: zoom, stretch, shift and rotation as an affine map of the unit square."""
    across, down = np.exp(rng.uniform(np.log(closest), np.log(widest), 2))
    centre = 0.5 + np.array([rng.uniform(-1, 1) * abs(1 - across), rng.uniform(-1, 1) * abs(1 - down)]) * 0.5
    angle = np.deg2rad(rng.normal(0, rotation))
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[across * cos, -across * sin], [down * sin, down * cos]]), centre


def show(image, affine, side, resample, fill):
    """The region as a square picture of `side` pixels."""
    matrix, centre = affine
    scale = np.array(image.size)
    m = matrix * scale[:, None] / side
    offset = centre * scale - m @ np.array([side / 2, side / 2])
    data = (m[0, 0], m[0, 1], offset[0], m[1, 0], m[1, 1], offset[1])
    return image.transform((side, side), Image.AFFINE, data, resample, fillcolor=fill)


def write_letters(image, rng):
    draw = ImageDraw.Draw(image)
    side = image.size[0]
    for _ in range(rng.integers(1, 3)):
        height = int(rng.uniform(0.04, 0.12) * side)
        x, y = rng.integers(0, side - height, 2)
        grey = int(rng.integers(150, 256))
        kind = rng.integers(3)
        if kind == 0:  # an R or L of strokes
            w = max(1, height // 6)
            draw.line((x, y, x, y + height), grey, w)
            if rng.random() < 0.5:
                draw.line((x, y + height, x + height // 2, y + height), grey, w)
            else:
                draw.ellipse((x, y, x + height // 2, y + height // 2), None, grey, w)
                draw.line((x, y + height // 2, x + height // 2, y + height), grey, w)
        elif kind == 1:  # a marker's plate
            draw.rectangle((x, y, x + height, y + height // 2), grey)
        else:  # a wire
            draw.line([tuple(p) for p in rng.integers(0, side, (3, 2)).tolist()], grey, 1)


def cut_out(image, rng):
    draw = ImageDraw.Draw(image)
    side = image.size[0]
    for _ in range(rng.integers(1, 4)):
        width, height = (rng.uniform(0.05, 0.22, 2) * side).astype(int)
        x, y = int(rng.integers(0, side - width)), int(rng.integers(0, side - height))
        if rng.random() < 0.5:  # letters stand in the corners
            x, y = (0 if rng.random() < 0.5 else side - width), (0 if rng.random() < 0.5 else side - height)
        draw.rectangle((x, y, x + width, y + height), int(rng.choice([0, 0, 128, 255])))


def frame(image, rng):
    """A border as of collimation or of a scanned film."""
    side = image.size[0]
    grey = int(rng.choice([0, 0, 0, 20, 255]))
    left, top, right, bottom = (rng.uniform(0, 0.08, 4) * side * (rng.random(4) < 0.6)).astype(int)
    draw = ImageDraw.Draw(image)
    for box in ((0, 0, left, side), (0, 0, side, top), (side - right, 0, side, side), (0, side - bottom, side, side)):
        if box[2] > box[0] and box[3] > box[1]:
            draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), grey)


def soft_noise(rng, side, cells):
    coarse = Image.fromarray(rng.normal(0, 1, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((side, side), Image.BICUBIC))


def change_grey(values, rng):
    """Values 0 to 1: contrast, gamma, a slow field, noise."""
    values = np.clip(values, 0, 1) ** np.exp(rng.uniform(-0.55, 0.55))
    if rng.random() < 0.4:
        gain, middle = rng.uniform(2, 7), rng.uniform(0.3, 0.7)
        curve = 1 / (1 + np.exp(-gain * (values - middle)))
        values = values + rng.uniform(0.3, 1) * (curve - values)
    side = values.shape[0]
    if rng.random() < 0.35:
        values = values + rng.uniform(0.02, 0.12) * soft_noise(rng, side, int(rng.integers(2, 5)))
    if rng.random() < 0.4:
        grain = rng.normal(0, 1, values.shape)
        if rng.random() < 0.5:
            grain = soft_noise(rng, side, side // 2)
        values = values + rng.uniform(0.005, 0.045) * grain
    return values.astype(np.float32)


def chest(picture, rng, side, closest=0.7, widest=1.12, rotation=4, mask=None, flips=True):
    """One changed picture of the set's 8-bit grey: float32 [side, side] (0 to 1), and its mask (0 to 1) or None."""
    image = Image.fromarray(picture)
    outline = None if mask is None else Image.fromarray((mask * 255).astype(np.uint8))
    affine = region(rng, closest, widest, rotation)
    fill = int(rng.choice([0, 0, int(picture.min()), int(rng.integers(0, 256))]))
    if rng.random() < 0.5:
        image = lose_resolution(image, rng)
    image = show(image, affine, side, Image.BICUBIC if rng.random() < 0.5 else Image.BILINEAR, fill)
    if outline is not None:
        outline = show(outline, affine, side, Image.BILINEAR, 0)
    chance = rng.random(7)
    if chance[0] < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.6))))
    elif chance[0] < 0.45:
        image = image.filter(ImageFilter.UnsharpMask(float(rng.uniform(1, 6)), int(rng.integers(40, 200)), 0))
    if chance[1] < 0.1:
        image = ImageOps.equalize(image)
    if chance[2] < 0.25:
        write_letters(image, rng)
    if chance[3] < 0.3:
        cut_out(image, rng)
    if chance[4] < 0.25:
        frame(image, rng)
    if chance[5] < 0.3:
        buffer = io.BytesIO()
        image.save(buffer, 'JPEG', quality=int(rng.integers(25, 90)))
        image = Image.open(buffer)
    values = np.asarray(image, np.float32) / 255
    if chance[6] < 0.9:
        values = change_grey(values, rng)
    outline = None if outline is None else np.asarray(outline, np.float32) / 255
    if flips and rng.random() < 0.5:
        values = values[:, ::-1]
        outline = None if outline is None else outline[:, ::-1]
    return values, outline
