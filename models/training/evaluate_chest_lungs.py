"""What the exported lung outline reaches on validation, through its own preprocessing and back."""

import numpy as np
from skimage.measure import label

from data import chest_lungs
from figures import by_patient, dice, sensitivity_specificity, sigmoid
from preprocess import prepare
from variants import changed, widths


def chances(package, graph, case):
    """The probability on the picture's own grid."""
    tensor, trace = prepare(package, case['picture'][None])
    total = sigmoid(graph(tensor)['lungs'][0, 0])
    for flip in package['testTimeFlips']:
        axis = 3 if flip == 'columns' else 2
        total = total + np.flip(sigmoid(graph(np.flip(tensor, axis).copy())['lungs'][0, 0]), axis - 2)
    return trace.back(total / (1 + len(package['testTimeFlips'])))


def headline(package, graph, options):
    """The mean Dice at 0.5, without flips; no single decision."""
    cases = chest_lungs(options.data, 'validation')
    plain = {**package, 'testTimeFlips': []}
    return float(np.mean([dice(chances(plain, graph, c) >= 0.5, c['mask']) for c in cases])), None


def areas(package, graph, case, threshold):
    """The outlined area in pixels of the input, by the plain film, its flips and its variants."""
    tensor, _ = prepare(package, case['picture'][None])
    return np.array([(sigmoid(graph(t)['lungs'][0, 0]) >= threshold).sum() for t in changed(package, tensor)])


def doubt(package, graph, cases, score, threshold):
    """Intervals of the area of every validation film, as shares of its middle."""
    found = [areas(package, graph, c, threshold) for c in cases]
    return {'of': 'the area, as a share of it', 'right is': 'Dice of at least 0.93', **widths([a / max(a.mean(), 1) for a in found], score >= 0.93)}


def measure(package, graph, options):
    cases = chest_lungs(options.data, 'validation')
    found = [chances(package, graph, c) for c in cases]
    thresholds = np.round(np.arange(0.3, 0.71, 0.05), 2)
    # Films under a non-commercial licence choose nothing.
    mean_dice = [np.mean([dice(f >= t, c['mask']) for f, c in zip(found, cases) if c['free']]) for t in thresholds]
    threshold = float(thresholds[int(np.argmax(mean_dice))])
    if mean_dice[list(thresholds).index(0.5)] > max(mean_dice) - 0.0005:
        threshold = 0.5
    score = np.array([dice(f >= threshold, c['mask']) for f, c in zip(found, cases)])
    groups = {
        'children': [c['group'] == 'child' for c in cases],
        'adults': [c['group'] == 'adult' for c in cases],
        'adults, free licences': [c['group'] == 'adult' and c['free'] for c in cases],
        'adults, non-commercial licences': [c['group'] == 'adult' and not c['free'] for c in cases],
    }
    metrics = []
    for name, chosen in groups.items():
        index = np.flatnonzero(chosen)
        patients = [cases[i]['patient'] for i in index]
        metrics.append(
            {
                'name': f'Dice, {name}, mean',
                'label': 'lungs',
                'value': float(score[index].mean()),
                'interval': by_patient(patients, lambda k: score[index][k].mean()),
                'data': f'{len(index)} validation films of {len(set(patients))} patients, on the grid of the picture',
            }
        )
    outside = np.array([((f >= threshold) & ~c['mask']).sum() / c['mask'].sum() for f, c in zip(found, cases)])
    missed = np.array([((f < threshold) & c['mask']).sum() / c['mask'].sum() for f, c in zip(found, cases)])
    patients = [c['patient'] for c in cases]
    for name, values in (('Area outside the outline, share of its area, mean', outside), ('Area missed, share of its area, mean', missed)):
        metrics.append(
            {
                'name': name,
                'label': 'lungs',
                'value': float(values.mean()),
                'interval': by_patient(patients, lambda k: values[k].mean()),
                'data': f'{len(cases)} validation films of {len(set(patients))} patients',
            }
        )
    parts = [label(f >= threshold).max() for f in found]
    truth = np.concatenate([c['mask'].reshape(-1) for c in cases])
    marked = np.concatenate([(f >= threshold).reshape(-1) for f in found])
    se, sp = sensitivity_specificity(truth, marked)
    lowest = np.argsort(score)[:3]
    return {
        'metrics': metrics,
        'calibration': None,
        'operatingPoints': [
            {
                'label': 'lungs',
                'name': 'outline',
                'threshold': threshold,
                'sensitivity': se,
                'specificity': sp,
                'measuredOn': f'the pixels of {len(cases)} validation films, this pipeline, float32; the threshold by the mean Dice of the free ones',
            }
        ],
        'worst': [(cases[i]['name'], round(float(score[i]), 3)) for i in lowest],
        'doubt': doubt(package, graph, cases, score, threshold),
        'median': float(np.median(score)),
        'parts': {int(k): int(v) for k, v in zip(*np.unique(parts, return_counts=True))},
        'dice by threshold': {k: float(v) for k, v in zip(map(str, thresholds), mean_dice)},
    }
