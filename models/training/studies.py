"""Reads DICOM files beside the three sets: heads of other contrasts and foreign chest films."""

from pathlib import Path

import numpy as np
import pydicom

from data import DEFAULT_DATA

DEFAULT_FILES = DEFAULT_DATA.parent


def modality_values(path):
    """What the stage `modality` holds, and the data set."""
    file = pydicom.dcmread(path)
    values = file.pixel_array.astype(np.float32)
    return values * float(file.get('RescaleSlope', 1) or 1) + float(file.get('RescaleIntercept', 0) or 0), file


def film(path):
    """A film as the stage `display` shows it, 8 bits: windowed where the file says so, bones bright."""
    values, file = modality_values(path)
    centre, width = file.get('WindowCenter'), file.get('WindowWidth')
    if centre is not None and width is not None:
        first = lambda value: float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)
        low, high = first(centre) - first(width) / 2, first(centre) + first(width) / 2
    else:
        low, high = float(values.min()), float(values.max())
    shown = np.clip((values - low) / max(high - low, 1e-6), 0, 1)
    if file.PhotometricInterpretation == 'MONOCHROME1':
        shown = 1 - shown
    return np.round(shown * 255).astype(np.uint8)


def series(folder):
    """A series as an array [slices, rows, columns] in the order of its positions."""
    slices = []
    for path in sorted(Path(folder).glob('*.dcm')):
        values, file = modality_values(path)
        row, column = np.array(file.ImageOrientationPatient, float).reshape(2, 3)
        slices.append((float(np.cross(row, column) @ np.array(file.ImagePositionPatient, float)), values))
    return np.stack([values for _, values in sorted(slices, key=lambda pair: pair[0])])


def eight_bits(volume):
    """Grey values of a whole series, 0 to 255 between its 1st and 99.5th percentile."""
    low, high = np.percentile(volume, [1, 99.5])
    return np.round(np.clip((volume - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)
