"""Adds to a card what `npm run evaluate` says of the package on its validation set, laid out by `labelled_folder.py`."""

import argparse
import json
import re
import subprocess
from pathlib import Path

from data import REPOSITORY

HEADING = '## By `npm run evaluate`'


def evaluated(package, folder, more):
    command = ['node', 'scripts/overread.mjs', 'evaluate', '--model', package, '--data', str(folder), '--json', *more]
    return json.loads(subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE).stdout)


def row(name, figure, data):
    if figure is None or figure['value'] is None:
        return []
    interval = figure['interval']
    shown = '' if interval is None else f'{interval["low"]:.3f} to {interval["high"]:.3f}'
    return [f'| {name} | {figure["value"]:.3f} | {shown} | {data} |']


def of_label(label):
    title = label['title']
    data = f'{label["pictures"]} pictures of {label["patients"]} patients, {label["positives"]} positive'
    lines = row(f'{title}: AUC', label['auc'], data)
    lines += row(f'{title}: expected calibration error', label['expectedCalibrationError'], data)
    lines += row(f'{title}: Brier score', label['brier'], data)
    for point in label['operatingPoints']:
        where = f'{title}, {point["name"]} ({point["threshold"]:.3f})'
        lines += row(f'{where}: sensitivity', point['sensitivity'], data) + row(f'{where}: specificity', point['specificity'], data)
    return lines


def of_outline(label):
    title = label['title']
    data = f'{label["pictures"]} pictures of {label["patients"]} patients'
    lines = row(f'{title}: Dice a patient, mean', label['dicePerPatient']['mean'], data)
    lines += row(f'{title}: Dice a patient, median', label['dicePerPatient']['median'], data)
    for distance in label['hausdorff95']:
        lines += row(f'{title}: Hausdorff distance, 95 %, {distance["unit"]}, mean', distance['mean'], f'{distance["values"]} pictures')
    lines += row(f'{title}: patients in whom anything was found', label['foundAtAll']['sensitivity'], f'{label["foundAtAll"]["patients"]} patients')
    none = label['falseFindings']
    lines += row(f'{title}: pictures without it that carry a finding', none['share'], f'{none["pictures"]} pictures')
    return lines


def section(document, given):
    lines = [line for label in document['classification'] for line in of_label(label)]
    lines += [line for label in document['segmentation'] for line in of_outline(label)]
    out = ', '.join(f'{left["count"]} ({left["reason"]})' for left in document['leftOut'])
    data = document['data']
    return '\n'.join(
        [
            HEADING,
            '',
            'The program itself, on the validation set as a labelled folder: the way a site measures it on its own patients.',
            f'`npm run evaluate -- --model {document["model"]["id"]} --data DIR{given}`; DIR by `models/training/labelled_folder.py`. '
            f'{data["analysed"]} of {data["pictures"]} pictures analysed'
            + (f', left out: {out}' if out else '')
            + f'. Weights {document["model"]["sha256"][:12]}.',
            '',
            '| figure | value | 95 % interval | data |',
            '|---|---|---|---|',
            *lines,
            '',
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('package')
    parser.add_argument('folder', type=Path)
    options, more = parser.parse_known_args()
    card = REPOSITORY / 'models' / options.package / 'card.md'
    text = re.sub(rf'\n{re.escape(HEADING)}\n.*?(?=\n## |\Z)', '', card.read_text(), flags=re.S).rstrip()
    given = ''.join(f' {word}' for word in more)
    card.write_text(f'{text}\n\n{section(evaluated(options.package, options.folder, more), given)}')


if __name__ == '__main__':
    main()
