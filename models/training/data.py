"""Reads the three sets under `--data` into memory; nothing is changed on the way."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_DATA = REPOSITORY.parent / 'shared' / 'data' / 'learn'


def picture(path):
    return np.asarray(Image.open(path).convert('L'))


def mask(path):
    return np.asarray(Image.open(path).convert('L')) > 127


def rows(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def chest_lungs(data, split):
    """Dicts: name, patient, group (child or adult), free (no non-commercial licence), picture, mask."""
    root = Path(data) / 'chest-lungs'
    return [
        {
            'name': row['name'],
            'patient': row['patient'],
            'group': 'child' if row['age_group'] == 'child' else 'adult',
            'free': 'NC' not in row['licence'],
            'picture': picture(root / split / 'images' / f'{row["name"]}.jpg'),
            'mask': mask(root / split / 'masks' / f'{row["name"]}.png'),
        }
        for row in rows(root / 'index.csv')
        if row['split'] == split
    ]


def chest_pneumonia(data, split):
    """Dicts: name, patient, kind (normal, bacteria, virus), aspect (original width / height), picture."""
    root = Path(data) / 'chest-pneumonia'
    return [
        {
            'name': row['file'],
            'patient': row['patient'],
            'kind': row['class'],
            'aspect': int(row['original_width']) / int(row['original_height']),
            'picture': picture(root / split / row['class'] / row['file']),
        }
        for row in rows(root / 'index.csv')
        if row['split'] == split
    ]


def brain_flair(data, split):
    """Dicts, one a patient: patient, pictures and masks [slices, 256, 256] from the skull base upwards."""
    root = Path(data) / 'brain-flair'
    series = {}
    for row in rows(root / 'slices.csv'):
        if row['split'] == split:
            series.setdefault(row['patient'], []).append(int(row['slice']))
    result = []
    for patient, numbers in series.items():
        folder = root / split / patient
        paths = [folder / f'{n:02d}' for n in sorted(numbers)]
        result.append(
            {
                'patient': patient,
                'pictures': np.stack([picture(f'{p}.jpg') for p in paths]),
                'masks': np.stack([mask(f'{p}-mask.png') for p in paths]),
            }
        )
    return result
