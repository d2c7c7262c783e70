"""What the exported classifier reaches on validation, and how far it leans on the shortcuts of its data."""

import io

import numpy as np
from PIL import Image, ImageFilter

from data import REPOSITORY, chest_pneumonia
from figures import auc, auc_of_like_aspect, by_patient, sensitivity_specificity, sigmoid, temperature, threshold_for
from packages import CHEST_LUNGS
from preprocess import percentile, prepare
from runtime_graph import RuntimeGraph
from variants import changed, widths


def resized(picture, across=1.0, down=1.0):
    image = Image.fromarray(picture)
    size = (max(8, round(image.width * across)), max(8, round(image.height * down)))
    return np.asarray(image.resize(size, Image.BICUBIC))


def middle(picture, across, down):
    """The contents stretched: the middle 1 / across by 1 / down, brought back to the size."""
    image = Image.fromarray(picture)
    w, h = image.size
    box = (w / 2 * (1 - 1 / across), h / 2 * (1 - 1 / down), w / 2 * (1 + 1 / across), h / 2 * (1 + 1 / down))
    return np.asarray(image.resize((w, h), Image.BICUBIC, box))


def blurred(picture, radius):
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))


def jpeg(picture, quality):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, 'JPEG', quality=quality)
    return np.asarray(Image.open(buffer))


def bordered(picture, share):
    r, c = round(picture.shape[0] * share), round(picture.shape[1] * share)
    return np.pad(picture, ((r, r), (c, c)))


def trimmed(picture, share):
    r, c = round(picture.shape[0] * share), round(picture.shape[1] * share)
    return picture[r : picture.shape[0] - r, c : picture.shape[1] - c]


def gamma(picture, power):
    return np.round(255 * (picture / 255.0) ** power).astype(np.uint8)


CHANGES = {
    'file stretched 20 % across': lambda p: resized(p, 1.2, 1),
    'file stretched 20 % down': lambda p: resized(p, 1, 1.2),
    'file enlarged eightfold': lambda p: resized(p, 8, 8),
    'file reduced to half': lambda p: resized(p, 0.5, 0.5),
    'contents stretched 20 % across': lambda p: middle(p, 1.2, 1),
    'contents stretched 20 % down': lambda p: middle(p, 1, 1.2),
    'blurred, sigma 1 pixel of 256': lambda p: blurred(p, 1),
    'JPEG of quality 30': lambda p: jpeg(p, 30),
    'black border of 6 %': lambda p: bordered(p, 0.06),
    '8 % cut off each side': lambda p: trimmed(p, 0.08),
    'gamma 0.7': lambda p: gamma(p, 0.7),
    'gamma 1.4': lambda p: gamma(p, 1.4),
    'mirrored': lambda p: np.ascontiguousarray(p[:, ::-1]),
}


def lungs_of(cases):
    """The lungs by the package beside this one, on each picture's grid, with a margin of 3 % of its longer side."""
    graph = RuntimeGraph(REPOSITORY / 'models' / 'chest-lungs' / 'model.onnx')
    result = []
    for case in cases:
        tensor, trace = prepare(CHEST_LUNGS, case['picture'][None])
        image = Image.fromarray(((trace.back(graph(tensor)['lungs'][0, 0].astype(np.float64)) > 0) * 255).astype(np.uint8))
        result.append(np.asarray(image.filter(ImageFilter.MaxFilter(2 * round(max(image.size) * 0.03) + 1))) > 0)
    return result


def headline(package, graph, options):
    """AUC, and the logit of every validation film."""
    cases = chest_pneumonia(options.data, 'validation')
    logits = np.array([graph(prepare(package, c['picture'][None])[0])['probability'][0, 0] for c in cases], np.float64)
    return auc(np.array([c['kind'] != 'normal' for c in cases]), logits), logits


def doubt(package, graph, cases, sick, divisor, threshold):
    """Intervals of the probability of every validation film."""
    found = [
        [float(sigmoid(graph(t)['probability'][0, 0] / divisor)) for t in changed(package, prepare(package, c['picture'][None])[0])] for c in cases
    ]
    plain = np.array([f[0] for f in found])
    return {'of': 'the probability', 'right is': 'a call that is right', **widths(found, (plain >= threshold) == sick)}


def measure(package, graph, options):
    cases = chest_pneumonia(options.data, 'validation')
    sick = np.array([c['kind'] != 'normal' for c in cases])
    patients = [c['patient'] for c in cases]
    aspect = np.array([c['aspect'] for c in cases])
    quarter = np.searchsorted(np.quantile(aspect, [0.25, 0.5, 0.75]), aspect)

    kinds = []

    def run(pictures):
        outputs = [graph(prepare(package, p[None])[0]) for p in pictures]
        kinds.append(np.array([o['kind'][0, 0] for o in outputs], np.float64))
        return np.array([o['probability'][0, 0] for o in outputs], np.float64), [o['map'][0, 0] for o in outputs]

    logits, maps = run([c['picture'] for c in cases])
    divisor = temperature(logits, sick)
    chance = sigmoid(logits / divisor)
    where = f'{len(cases)} validation films of {len(set(patients))} children, 100 normal and 200 with pneumonia'

    def metric(name, value, interval=None, data=where):
        return {'name': name, 'label': 'pneumonia', 'value': value, 'interval': interval, 'data': data}

    metrics = [metric('AUC', auc(sick, chance), by_patient(patients, lambda k: auc(sick[k], chance[k])))]
    metrics.append(
        metric(
            'AUC among pairs of like aspect ratio',
            auc_of_like_aspect(sick, chance, aspect),
            by_patient(patients, lambda k: auc_of_like_aspect(sick[k], chance[k], aspect[k]), 500),
            where + '; pairs whose width / height differ by 5 % at most',
        )
    )
    for q in range(4):
        k = np.flatnonzero(quarter == q)
        if min(sick[k].sum(), (~sick[k]).sum()) < 5:
            continue
        metrics.append(
            metric(
                f'AUC, width / height {aspect[k].min():.2f} to {aspect[k].max():.2f}',
                auc(sick[k], chance[k]),
                by_patient([patients[i] for i in k], lambda j: auc(sick[k][j], chance[k][j])),
                f'{len(k)} validation films, {int(sick[k].sum())} with pneumonia: a quarter of like aspect ratio',
            )
        )
    for kind in ('bacteria', 'virus'):
        k = np.flatnonzero([c['kind'] in ('normal', kind) for c in cases])
        metrics.append(metric(f'AUC, {kind} against normal', auc(sick[k], chance[k]), by_patient([patients[i] for i in k], lambda j: auc(sick[k][j], chance[k][j])), f'{len(k)} validation films'))

    k = np.flatnonzero(sick)
    bacterial, kind = np.array([c['kind'] == 'bacteria' for c in cases])[k], kinds[0][k]
    metrics.append(
        {
            'name': 'AUC, bacterial against viral',
            'label': 'bacterial',
            'value': auc(bacterial, kind),
            'interval': by_patient([patients[i] for i in k], lambda j: auc(bacterial[j], kind[j])),
            'data': f'{len(k)} validation films with pneumonia, half of each kind',
        }
    )

    points = []
    for name, aim in (('balanced', 'balanced'), ('sensitive', {'sensitivity': 0.985}), ('specific', {'specificity': 0.98})):
        threshold, se, sp = threshold_for(sick, chance, aim)
        points.append({'label': 'pneumonia', 'name': name, 'threshold': threshold, 'sensitivity': se, 'specificity': sp, 'measuredOn': where + '; this pipeline, float32, calibrated'})

    probes = {}
    for name, change in CHANGES.items():
        z, _ = run([change(c['picture']) for c in cases])
        p = sigmoid(z / divisor)
        se, sp = sensitivity_specificity(sick, p >= points[0]['threshold'])
        moved = np.abs(p - chance)
        probes[name] = {
            'auc': auc(sick, p),
            'like': auc_of_like_aspect(sick, p, aspect),
            'moved': float(moved.mean()),
            'moved 95th': float(np.quantile(moved, 0.95)),
            'moved most': float(moved.max()),
            'sensitivity': se,
            'specificity': sp,
        }

    lungs = lungs_of(cases)
    masked = {}
    for name, keep in (('all but the lungs grey', True), ('the lungs grey', False)):
        z, _ = run([np.where(l == keep, c['picture'], np.uint8(percentile(c['picture'], 50))) for c, l in zip(cases, lungs)])
        masked[name] = auc(sick, z)
    masked['the outline of the lungs alone'] = auc(sick, run([(l * 160 + 40).astype(np.uint8) for l in lungs])[0])
    masked['aspect ratio alone, no network'] = auc(sick, aspect)
    peak, share, size, mass = [], [], [], []
    for m, l, p in zip(maps, lungs, chance):
        if p < points[0]['threshold']:
            continue
        grid = np.asarray(Image.fromarray((l * 255).astype(np.uint8)).resize(m.shape[::-1], Image.BOX)) / 255.0
        hot = m > 0
        peak.append(grid.flat[int(m.argmax())] > 0.25)
        share.append(grid[hot].mean() if hot.any() else np.nan)
        size.append(grid.mean())
        local = sigmoid(m)
        mass.append((local * grid).sum() / local.sum())
    within = {
        'films called pneumonia': len(peak),
        'highest cell in the lungs': float(np.mean(peak)),
        'share of cells above 0.5 in the lungs': float(np.nanmean(share)),
        'share of its mass in the lungs': float(np.mean(mass)),
        'share of the picture that is lungs': float(np.mean(size)),
    }
    return {
        'metrics': metrics,
        'calibration': {'temperature': divisor, 'measuredOn': where + ', classes weighted equally'},
        'operatingPoints': points,
        'probes': probes,
        'masked': masked,
        'within': within,
        'doubt': doubt(package, graph, cases, sick, divisor, points[0]['threshold']),
        'wrong': [
            (cases[i]['name'], round(float(chance[i]), 3))
            for i in np.argsort(np.where(sick, chance, 1 - chance))[:6]
        ],
    }
