"""What the two input checks accept and refuse: on validation, on made wrong pictures, and on files from elsewhere."""

import numpy as np

import check_films
import check_heads
from data import brain_flair
from distribution import foreign_films
from figures import by_patient, sensitivity_specificity
from other_contrasts import imitated
from preprocess import prepare, prepare_series
from studies import film

# Other body parts and other animals, by eye; chest films turned negative by their header.
NO_CHEST_FILMS = ('highdicom/dx_image.dcm', 'pydicom-data/RG3_J2KR.dcm', 'wg04/RG3_JLSN')
# Series made of FLAIR that still are FLAIR; they choose no threshold.
ALSO_FLAIR = ('upside down', 'stripped')
INVERTED_FILM = 'torchxrayvision/Fake_MONOHR1.dcm'


def softmax(logits):
    raised = np.exp(np.asarray(logits, np.float64) - np.max(logits))
    return raised / raised.sum()


def point(label, truth, chance, where):
    """0.5, unless another threshold decides clearly better: then the middle of those that decide best."""
    thresholds = np.round(np.arange(0.05, 0.96, 0.01), 2)
    value = np.array([sum(sensitivity_specificity(truth, chance >= t)) for t in thresholds])
    best = thresholds[value > value.max() - 1e-9]
    threshold = 0.5 if value[list(thresholds).index(0.5)] > value.max() - 0.002 else float(best[len(best) // 2])
    se, sp = sensitivity_specificity(truth, chance >= threshold)
    return {'label': label, 'name': 'balanced', 'threshold': threshold, 'sensitivity': se, 'specificity': sp, 'measuredOn': where}


def share(name, label, right, patients, data):
    right = np.asarray(right, float)
    return {'name': name, 'label': label, 'value': float(right.mean()), 'interval': by_patient(patients, lambda k: right[k].mean()), 'data': data}


def headline_of_films(package, graph, options):
    """The share of validation films told right, every seventh made wrong in each way; no single decision."""
    rows = film_rows(package, graph, options, step=7)
    return float(np.mean([chance.argmax() == label for label, chance, _ in rows])), None


def film_rows(package, graph, options, step=1):
    """Label, probabilities and film of every validation film and of the wrong pictures made of it."""
    rng = np.random.default_rng(19)
    brains = np.concatenate([c['pictures'] for c in brain_flair(options.data, 'validation')])
    rows = []
    for one in check_films.validation_films(options)[::step]:
        for k, label in enumerate(check_films.LABELS):
            picture = check_films.made(one, label, brains, rng)
            if picture is not None:
                rows.append((k, softmax(graph(prepare(package, picture[None])[0])['looks'][0]), one))
    return rows


def measure_films(package, graph, options):
    rows = film_rows(package, graph, options)
    truth, chances = np.array([k for k, _, _ in rows]), np.stack([c for _, c, _ in rows])
    patients = [f['patient'] for _, _, f in rows]
    adult = np.array([f.get('group') == 'adult' for _, _, f in rows])
    titles = {label['name']: label['title'] for label in package['outputs'][0]['labels']}
    where = f'{len(rows)} pictures made of {len({id(f) for _, _, f in rows})} validation films, {int((truth == 0).sum())} of them unchanged'
    operating = point('suitable', truth == 0, chances[:, 0], where)
    taken = chances[:, 0] >= operating['threshold']
    metrics = [share('Accuracy, suitable or not', 'suitable', taken == (truth == 0), patients, where)]
    for name, chosen in (('Accepted, children', (truth == 0) & ~adult), ('Accepted, adults', (truth == 0) & adult)):
        k = np.flatnonzero(chosen)
        metrics.append(share(name, 'suitable', taken[k], [patients[i] for i in k], f'{len(k)} validation films'))
    for number, label in list(enumerate(check_films.LABELS))[1:]:
        k = np.flatnonzero(truth == number)
        name = 'lateral-like, imitated' if label == 'lateral' else titles[label].split(':')[0]
        metrics.append(share(f'Refused, {name}', label, ~taken[k], [patients[i] for i in k], f'{len(k)} pictures'))
    k = np.flatnonzero(truth > 0)
    named = chances[k].argmax(1) == truth[k]
    metrics.append(share('Wrong pictures named rightly', 'suitable', named, [patients[i] for i in k], f'{len(k)} pictures made wrong'))
    files = [(name, 'suitable', film(path)) for name, path in foreign_films(options.files)]
    files += [(name, 'other', film(options.files / 'dicom' / name)) for name in NO_CHEST_FILMS]
    files.append((INVERTED_FILM, 'inverted', film(options.files / 'dicom' / INVERTED_FILM)))
    real = []
    for name, label, picture in files:
        chance = softmax(graph(prepare(package, picture[None])[0])['looks'][0])
        real.append((name, titles[label], float(chance[0]), titles[check_films.LABELS[int(chance.argmax())]]))
    return {'metrics': metrics, 'calibration': None, 'operatingPoints': [operating], 'real': real}


def series_chance(graph, planes):
    """What Overread does: the mean over sampled slices of the middle."""
    return np.mean([softmax(graph(planes[i][None, None])['looks'][0]) for i in check_heads.middle(len(planes))], axis=0)


def head_rows(package, graph, options):
    """Label, patient and probabilities: each validation series, and the contrasts imitated from it."""
    rng = np.random.default_rng(19)
    rows = []
    for case in brain_flair(options.data, 'validation'):
        planes = prepare_series(package, case['pictures'])[0]
        rows.append(('FLAIR', case['patient'], series_chance(graph, planes)))
        for contrast in ('t1', 't2', 'pd'):
            other = np.stack([imitated(p, contrast, np.random.default_rng(int(rng.integers(1 << 30)))) for p in planes])
            rows.append((f'{contrast.upper()} imitated', case['patient'], series_chance(graph, other)))
        rows.append(('upside down', case['patient'], series_chance(graph, planes[:, ::-1])))
        rows.append(('stripped', case['patient'], series_chance(graph, np.stack([check_heads.stripped(p, 9) for p in planes]))))
    return rows


def headline_of_heads(package, graph, options):
    """The share of validation series told right as FLAIR or not; no single decision."""
    rows = [r for r in head_rows(package, graph, options) if r[0] not in ALSO_FLAIR]
    return float(np.mean([(chance.argmax() == 0) == (kind == 'FLAIR') for kind, _, chance in rows])), None


def measure_heads(package, graph, options):
    rows = head_rows(package, graph, options)
    judged = [r for r in rows if r[0] not in ALSO_FLAIR]
    truth, chance = np.array([kind == 'FLAIR' for kind, _, _ in judged]), np.array([c[0] for _, _, c in judged])
    where = f'{int(truth.sum())} validation series and {int((~truth).sum())} imitated from them; mean of up to {check_heads.SAMPLES} slices'
    operating = point('flair', truth, chance, where)
    taken = chance >= operating['threshold']
    metrics = [share('Accuracy, FLAIR or not', 'flair', taken == truth, [p for _, p, _ in judged], where)]
    for kind in dict.fromkeys(k for k, _, _ in rows):
        k = [c[0] for name, _, c in rows if name == kind]
        flair = kind == 'FLAIR' or kind in ALSO_FLAIR
        right = np.array(k) >= operating['threshold'] if flair else np.array(k) < operating['threshold']
        name = f'Accepted, FLAIR {kind}'.replace(' FLAIR FLAIR', ' FLAIR') if flair else f'Refused, {kind}'
        metrics.append(share(name, 'flair', right, range(len(k)), f'{len(k)} validation series'))
    titles = [label['title'] for label in package['outputs'][0]['labels']]
    real = []
    for name, what in (
        ('t1_head_mr', 'T1 (slices of it were trained on)'),
        ('t1_head_conformed_derived', 'T1, not seen in training'),
        ('pd_head_mr', 'proton density, not seen in training'),
        ('flair_head_derived', 'FLAIR, skull-stripped, not seen in training'),
    ):
        planes = prepare_series(package, check_heads.head(options.files, name))[0]
        mean = series_chance(graph, planes)
        real.append((name, what, float(mean[0]), titles[int(mean.argmax())]))
    return {'metrics': metrics, 'calibration': None, 'operatingPoints': [operating], 'real': real}
