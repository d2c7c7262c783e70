"""What the exported FLAIR outline reaches on validation, and what hot pixels, noise and other spacings do to it."""

import numpy as np
from scipy.ndimage import binary_fill_holes, binary_opening
from skimage.measure import label

from data import brain_flair
from figures import by_patient, dice, sensitivity_specificity, sigmoid
from preprocess import neighbours, percentile, prepare_series
from variants import changed, widths

# Not given with the data: an assumption for millilitres.
VOXEL_ML = 0.94 * 0.94 * 5 / 1000


def chances(package, graph, pictures, jump=1):
    """Probabilities [slices, rows, columns] on the source grid, flips averaged."""
    planes, traces = prepare_series(package, pictures)
    result = []
    for i, trace in enumerate(traces):
        tensor = planes[neighbours(i, len(planes), 3, jump)][None]
        axes = [3 if flip == 'columns' else 2 for flip in package['testTimeFlips']]
        total = sigmoid(graph(tensor)['abnormality'][0, 0])
        for axis in axes:
            total = total + np.flip(sigmoid(graph(np.flip(tensor, axis))['abnormality'][0, 0]), axis - 2)
        result.append(trace.back(total / (1 + len(axes))))
    return np.stack(result)


def without_specks(found, smallest):
    """Components, joined across slices, of fewer pixels are no findings."""
    parts = label(found, connectivity=2)
    sizes = np.bincount(parts.reshape(-1))
    keep = sizes >= smallest
    keep[0] = False
    return keep[parts]


def with_hot_pixels(pictures, rng):
    return np.where(rng.random(pictures.shape) < 0.01, 255, pictures).astype(np.uint8)


def with_noisy_air(pictures, rng):
    """Values outside the head doubled, after noise as of a magnitude picture where the publishers left none."""
    bright = pictures > 0.25 * percentile(pictures, 90)
    head = np.stack([binary_fill_holes(binary_opening(b, iterations=3)) for b in bright])
    noise = np.hypot(rng.normal(0, 2, pictures.shape), rng.normal(0, 2, pictures.shape))
    return np.where(head, pictures, np.clip(2 * np.maximum(pictures, noise), 0, 255)).astype(np.uint8)


def headline(package, graph, options):
    """The mean Dice a patient at the package's threshold or at 0.5, without flips; no single decision."""
    plain = {**package, 'testTimeFlips': []}
    cases = brain_flair(options.data, 'validation')
    return float(np.mean([dice(chances(plain, graph, c['pictures']) >= 0.5, c['masks']) for c in cases])), None


def volumes(package, graph, pictures, threshold):
    """The outlined volume in pixels of the input, by the plain stack, its flips and its variants."""
    planes, _ = prepare_series(package, pictures)
    total = 0
    for i in range(len(planes)):
        stack = planes[neighbours(i, len(planes), 3)][None]
        total = total + np.array([(sigmoid(graph(t)['abnormality'][0, 0]) >= threshold).sum() for t in changed(package, stack)])
    return total


def doubt(package, graph, cases, score, threshold):
    """Intervals of the volume of every validation patient, as shares of its middle."""
    found = [volumes(package, graph, c['pictures'], threshold) for c in cases]
    return {'of': 'the volume, as a share of it', 'right is': 'Dice of at least 0.8', **widths([v / max(np.mean(v), 1) for v in found], score >= 0.8)}


def measure(package, graph, options):
    cases = brain_flair(options.data, 'validation')
    found = [chances(package, graph, c['pictures']) for c in cases]
    thresholds = np.round(np.arange(0.3, 0.71, 0.05), 2)
    table = np.array([[dice(f >= t, c['masks']) for f, c in zip(found, cases)] for t in thresholds])
    # The middle of the thresholds within 0.002 of the best: the best itself is chance.
    good = thresholds[table.mean(1) >= table.mean(1).max() - 0.002]
    threshold = float(good[np.argmin(np.abs(good - 0.5))])
    marked = [without_specks(f >= threshold, package['findings']['minimumPixels']) for f in found]
    score = np.array([dice(m, c['masks']) for m, c in zip(marked, cases)])
    patients = [c['patient'] for c in cases]
    where = f'{len(cases)} validation patients, {sum(len(c["masks"]) for c in cases)} slices, on the source grid'

    def metric(name, values, data=where, summary=np.mean):
        values = np.asarray(values, float)
        return {
            'name': name,
            'label': 'abnormality',
            'value': float(summary(values)),
            'interval': by_patient(range(len(values)), lambda k: summary(values[k])),
            'data': data,
        }

    truth = np.concatenate([c['masks'].reshape(-1) for c in cases])
    se, sp = sensitivity_specificity(truth, np.concatenate([(f >= threshold).reshape(-1) for f in found]))
    clear = [~c['masks'].any((1, 2)) for c in cases]
    false_slices = [float(m[k].any((1, 2)).mean()) for m, k in zip(marked, clear)]
    missed = [float((~m[~k].any((1, 2))).mean()) for m, k in zip(marked, clear)]
    flat = metric('Dice a patient, without flips', [
        dice(without_specks(chances({**package, 'testTimeFlips': []}, graph, c['pictures']) >= threshold, package['findings']['minimumPixels']), c['masks'])
        for c in cases
    ])
    clear_volumes = np.concatenate([m[k].sum((1, 2)) * VOXEL_ML for m, k in zip(marked, clear)])
    owner = np.concatenate([[i] * int(k.sum()) for i, k in enumerate(clear)])
    error = [abs(int(m.sum()) - int(c['masks'].sum())) for m, c in zip(marked, cases)]
    metrics = [
        metric('Dice a patient, mean', score),
        metric('Dice a patient, median', score, summary=np.median),
        flat,
        metric('Slices without lesion that get a finding', false_slices, f'mean of {len(cases)} validation patients, {int(sum(k.sum() for k in clear))} slices without lesion'),
        {
            'name': 'Slices without lesion with less than 1 ml marked',
            'label': 'abnormality',
            'value': float((clear_volumes < 1).mean()),
            'interval': by_patient(owner, lambda k: (clear_volumes[k] < 1).mean()),
            'data': f'{len(clear_volumes)} validation slices of {len(cases)} patients; pixels of 0.94 x 0.94 x 5 mm are an assumption',
        },
        metric('Slices with lesion that get none', missed, f'mean of {len(cases)} validation patients, {int(sum((~k).sum() for k in clear))} slices with lesion'),
        metric('Error of the volume, pixels, median', error, summary=np.median),
        metric('Error of the volume, ml, median', np.array(error) * VOXEL_ML, where + '; pixels of 0.94 x 0.94 x 5 mm are an assumption', np.median),
    ]

    rng = np.random.default_rng(11)
    probes = {}
    for name, change, jump in (
        ('1 % hot pixels', with_hot_pixels, 1),
        ('noise of the air doubled', with_noisy_air, 1),
        ('brightness times 0.6', lambda p, rng: np.round(p * 0.6).astype(np.uint8), 1),
        ('the slice itself for its neighbours', lambda p, rng: p, 0),
        ('neighbours two slices away', lambda p, rng: p, 2),
    ):
        other = [without_specks(chances(package, graph, change(c['pictures'], rng), jump) >= threshold, package['findings']['minimumPixels']) for c in cases]
        same = [dice(o, m) for o, m in zip(other, marked)]
        probes[name] = {
            'dice': float(np.mean([dice(o, c['masks']) for o, c in zip(other, cases)])),
            'agreement': float(np.mean(same)),
            'agreement, lowest': float(min(same)),
            'largest loss of a patient': float(max(dice(m, c['masks']) - dice(o, c['masks']) for o, m, c in zip(other, marked, cases))),
        }
    return {
        'metrics': metrics,
        'calibration': None,
        'operatingPoints': [
            {
                'label': 'abnormality',
                'name': 'outline',
                'threshold': threshold,
                'sensitivity': se,
                'specificity': sp,
                'measuredOn': f'the pixels of {where}; this pipeline with flips, float32; best mean Dice a patient',
            }
        ],
        'probes': probes,
        'doubt': doubt(package, graph, cases, score, threshold),
        'dice': dict(sorted(zip(patients, score.tolist()), key=lambda pair: pair[1])),
        'dice by threshold': {str(t): float(v) for t, v in zip(thresholds, table.mean(1))},
    }
