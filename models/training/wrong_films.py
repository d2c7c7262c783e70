"""Pictures that are no upright frontal chest film: made from films, or of something else altogether.

Each function takes a picture (uint8 [rows, columns]), the lungs on it (0 to 1, or None) and a random generator.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# So much of the lungs lies outside a picture that counts as cropped, and so little outside one that does not.
CROPPED_LOSS = (0.35, 0.85)
WHOLE_LOSS = 0.08


def resized(picture, columns, rows):
    return np.asarray(Image.fromarray(picture).resize((max(8, int(columns)), max(8, int(rows))), Image.BILINEAR))


def turned(picture, lungs, rng):
    return np.rot90(picture, rng.choice([1, 3])).copy()


def upside_down(picture, lungs, rng):
    return np.ascontiguousarray(picture[::-1] if rng.random() < 0.5 else picture[::-1, ::-1])


def inverted(picture, lungs, rng):
    return 255 - picture


def seen(lungs, top, left, rows, columns):
    return lungs[top : top + rows, left : left + columns].sum() / max(lungs.sum(), 1e-6)


def cropped(picture, lungs, rng):
    """A window of the film that leaves out a good part of the lungs; None where no window does."""
    height, width = picture.shape
    for _ in range(40):
        rows, columns = int(height * rng.uniform(0.3, 1)), int(width * rng.uniform(0.3, 1))
        top, left = int(rng.integers(0, height - rows + 1)), int(rng.integers(0, width - columns + 1))
        if rng.random() < 0.6:  # cut at the border: what happens to real films
            top, left = int(rng.choice([0, height - rows])), int(rng.choice([0, width - columns]))
        lost = 1 - seen(lungs, top, left, rows, columns)
        if CROPPED_LOSS[0] <= lost <= CROPPED_LOSS[1]:
            return picture[top : top + rows, left : left + columns].copy()
    return None


def lateral_like(picture, lungs, rng):
    """No lateral films are at hand: one half laid over the other mirrored, squeezed, with a spine behind."""
    height, width = picture.shape
    middle = int(width * rng.uniform(0.46, 0.54))
    reach = min(middle, width - middle)
    left = picture[:, middle - reach : middle].astype(np.float32)
    right = picture[:, middle : middle + reach][:, ::-1].astype(np.float32)
    share = rng.uniform(0.3, 0.7)
    both = share * left + (1 - share) * right
    side = Image.fromarray(both.astype(np.uint8)).resize((width, height), Image.BILINEAR)
    draw = ImageDraw.Draw(side)
    bend, where = rng.uniform(-0.1, 0.1) * width, width * rng.uniform(0.8, 0.95)
    level = int(np.percentile(picture, rng.uniform(60, 90)))
    points = [(where + bend * (4 * t * (1 - t)), t * height) for t in np.linspace(0, 1, 12)]
    spine = side.copy()
    ImageDraw.Draw(spine).line(points, level, max(4, int(width * rng.uniform(0.06, 0.14))))
    draw = ImageDraw.Draw(spine)
    for x, y in points[1:-1]:
        draw.line((x - width * 0.05, y, x + width * 0.05, y), max(0, level - 40), 2)
    spine = spine.filter(ImageFilter.GaussianBlur(3))
    share = rng.uniform(0.4, 0.8)
    result = Image.blend(side, spine, share)
    across = rng.uniform(0.5, 1)
    result = np.asarray(result.resize((int(width * across), height), Image.BILINEAR))
    return result if rng.random() < 0.5 else np.ascontiguousarray(result[:, ::-1])


def white_noise(rng, side):
    return rng.normal(rng.uniform(60, 190), rng.uniform(5, 80), (side, side))


def smooth_noise(rng, side):
    """Noise with a spectrum that falls off, as of textures and of soft tissue without anatomy."""
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(rng.normal(0, 1, (side, side))) / frequency ** rng.uniform(0.5, 2)
    spectrum[0, 0] = 0
    values = np.fft.irfft2(spectrum, (side, side))
    return 128 + values / values.std() * rng.uniform(10, 60)


def gradient(rng, side):
    y, x = np.mgrid[0:side, 0:side] / side
    angle = rng.uniform(0, 2 * np.pi)
    value = np.cos(angle) * x + np.sin(angle) * y
    if rng.random() < 0.5:
        value = np.hypot(x - rng.uniform(0, 1), y - rng.uniform(0, 1))
    return 255 * (value - value.min()) / np.ptp(value)


def almost_blank(rng, side):
    return np.full((side, side), rng.uniform(0, 255)) + rng.normal(0, rng.uniform(0, 3), (side, side))


def shapes(rng, side):
    """Long bright and dark forms on a ground, as of limbs, phantoms and screens."""
    image = Image.new('L', (side, side), int(rng.integers(0, 120)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(1, 9))):
        grey = int(rng.integers(0, 256))
        box = np.sort(rng.integers(-side // 4, side + side // 4, (2, 2)), axis=0).reshape(-1).tolist()
        kind = rng.integers(4)
        if kind == 0:
            draw.ellipse(box, grey)
        elif kind == 1:
            draw.rectangle(box, grey)
        elif kind == 2:
            draw.line([tuple(p) for p in rng.integers(0, side, (4, 2)).tolist()], grey, int(rng.integers(2, side // 5)), 'curve')
        else:
            draw.polygon([tuple(p) for p in rng.integers(0, side, (5, 2)).tolist()], grey)
    values = np.asarray(image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 8)))), np.float32)
    return values + rng.uniform(0, 12) * rng.normal(0, 1, values.shape)


def text(rng, side):
    image = Image.new('L', (side, side), int(rng.choice([0, 255, 30])))
    draw = ImageDraw.Draw(image)
    for row in range(0, side, int(rng.integers(10, 40))):
        draw.text((int(rng.integers(0, side // 2)), row), ''.join(chr(c) for c in rng.integers(48, 122, 24)), int(rng.integers(90, 256)))
    return np.asarray(image.resize((side, side)), np.float32)


def detail(picture, rng):
    """A small part of a film, enlarged: no organ can be told."""
    height, width = picture.shape
    side = int(min(height, width) * rng.uniform(0.08, 0.22))
    top, left = int(rng.integers(0, height - side)), int(rng.integers(0, width - side))
    return resized(picture[top : top + side, left : left + side], 256, 256)


def head(brains, rng):
    """A slice of a head, in some position and window, perhaps several side by side."""
    slice_ = brains[rng.integers(len(brains))]
    slice_ = np.rot90(slice_, rng.integers(4)) if rng.random() < 0.4 else slice_
    values = np.clip(slice_ * rng.uniform(0.7, 2.2), 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        values = np.tile(resized(values, 128, 128), (2, 2))
    return 255 - values if rng.random() < 0.15 else values


MADE = (white_noise, smooth_noise, smooth_noise, gradient, almost_blank, shapes, shapes, text)


def other(picture, brains, rng):
    chance = rng.random()
    if chance < 0.4:
        return head(brains, rng)
    if chance < 0.5:
        return detail(picture, rng)
    return np.clip(MADE[rng.integers(len(MADE))](rng, 200), 0, 255).astype(np.uint8)
