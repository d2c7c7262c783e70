"""Lays a validation set out as a labelled folder, as `npm run evaluate` reads it: images, and labels or masks."""

import argparse
import csv
from pathlib import Path

import numpy as np
from PIL import Image

from data import DEFAULT_DATA, brain_flair, chest_lungs, chest_pneumonia


def write_picture(folder, name, values):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path)


def write_table(path, head, rows):
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def pneumonia(data, out):
    rows = []
    for case in chest_pneumonia(data, 'validation'):
        name = f'{Path(case["name"]).stem}.png'
        write_picture(out / 'images', name, case['picture'])
        sick = case['kind'] != 'normal'
        # Nothing is known of the kind where there is no pneumonia.
        rows.append([name, case['patient'], int(sick), int(case['kind'] == 'bacteria') if sick else ''])
    write_table(out / 'labels.csv', ['file', 'patient', 'pneumonia', 'bacterial'], rows)


def lungs(data, out):
    rows = []
    for case in chest_lungs(data, 'validation'):
        name = f'{case["name"]}.png'
        write_picture(out / 'images', name, case['picture'])
        write_picture(out / 'masks' / 'lungs', name, (case['mask'] * 255).astype(np.uint8))
        rows.append([name, case['patient']])
    write_table(out / 'cases.csv', ['file', 'patient'], rows)


def brain(data, out):
    """A folder a series; the names are in the order of the slices, from the skull base upwards."""
    rows = []
    for case in brain_flair(data, 'validation'):
        for index, (picture, mask) in enumerate(zip(case['pictures'], case['masks'])):
            name = f'{case["patient"]}/{index:03d}.png'
            write_picture(out / 'images', name, picture)
            write_picture(out / 'masks' / 'abnormality', name, (mask * 255).astype(np.uint8))
            rows.append([name, case['patient']])
    write_table(out / 'cases.csv', ['file', 'patient'], rows)


LAY_OUT = {'chest-pneumonia': pneumonia, 'chest-lungs': lungs, 'brain-flair-abnormality': brain}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('package', choices=sorted(LAY_OUT))
    parser.add_argument('out', type=Path, help='a folder that does not exist yet')
    parser.add_argument('--data', type=Path, default=DEFAULT_DATA)
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    LAY_OUT[options.package](options.data, options.out)


if __name__ == '__main__':
    main()
