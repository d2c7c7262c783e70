"""How far a picture lies from the training pictures: the statistics of features that `distance` is computed with, and what it tells."""

import copy
import tempfile
from pathlib import Path

import numpy as np
from sklearn.covariance import LedoitWolf

import augment
import graph_edit
import wrong_films
from check_films import MAKE, heads, training_films, validation_films
from check_heads import head, middle
from data import brain_flair
from other_contrasts import imitated
from preprocess import neighbours, prepare, prepare_series
from runtime_graph import RuntimeGraph
from studies import film

# A threshold lies so far beyond the greatest distance of a right one: decoders and rounding move a distance a little.
MARGIN = 1.05
FOLDS = 5
# Features are means over so many parts of each axis, so that what lies where counts.
PARTS = 2


def feature_map(model, package):
    """The map whose means are the features: of a classifier the one before the last layer; of an outline of films that at a
    quarter of the grid, on the way up; of heads the coarsest one, the only one that tells a head from one upside down."""
    if package['task'] == 'classification':
        return next(n.input[0] for n in model.graph.node if n.op_type == 'Conv' and n.input[1].endswith('local.weight'))
    ups = [n.input[0] for n in model.graph.node if n.op_type == 'Resize']
    return ups[0] if package['input']['kind'] == 'stack' else ups[2]


class Features:
    """The features of tensors, by the graph itself."""

    def __init__(self, model):
        probe = graph_edit.only(copy.deepcopy(model), ['features'])
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / 'features.onnx'
        graph_edit.save(probe, path)
        self.graph = RuntimeGraph(path)

    def __call__(self, tensor):
        return self.graph(tensor)['features'].reshape(-1)


def statistics(features):
    """The whitening matrix of a shrunk covariance, and the shift that takes the mean to 0."""
    fitted = LedoitWolf().fit(features)
    values, vectors = np.linalg.eigh(fitted.covariance_)
    whitening = (vectors / np.sqrt(values)).T
    return whitening, -whitening @ fitted.location_


def lengths(features, whitening, shift):
    return np.linalg.norm(features @ whitening.T + shift, axis=1)


def milder(picture, rng):
    """A film as it may come from elsewhere."""
    values = augment.chest(picture, rng, 256, 0.92, 1.12, 4)[0]
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)


def film_reference(package, options, features):
    """Features of training films, each as it is and changed a little."""
    children, adults = training_films(options)
    films = children[::4] if package['id'] == 'chest-pneumonia' else children[::6] + adults * 3
    rng = np.random.default_rng(5)
    pictures = [f['picture'] for f in films] + [milder(f['picture'], rng) for f in films]
    return np.stack([features(prepare(package, p[None])[0]) for p in pictures])


def series_tensors(package, picture):
    planes = prepare_series(package, picture)[0]
    return [planes[neighbours(i, len(planes), package['input']['shape'][1])][None] for i in middle(len(planes))]


def add_to(model, package, options):
    """The graph with `distance`, and for a series the distances of each training patient by statistics without him."""
    name = feature_map(model, package)
    graph_edit.pooled(model, name, PARTS)
    features = Features(model)
    if package['input']['kind'] == 'image':
        return graph_edit.with_distance(model, *statistics(film_reference(package, options, features))), None
    patients = [np.stack([features(t) for t in series_tensors(package, c['pictures'])]) for c in brain_flair(options.data, 'train')]
    left_out = []
    for k in range(FOLDS):
        known = statistics(np.concatenate([p for i, p in enumerate(patients) if i % FOLDS != k]))
        left_out += [float(np.median(lengths(p, *known))) for i, p in enumerate(patients) if i % FOLDS == k]
    return graph_edit.with_distance(model, *statistics(np.concatenate(patients))), left_out


def of_films(package, graph, options):
    """The threshold, and which wrong films lie beyond it."""
    distance = lambda picture: float(graph(prepare(package, picture[None])[0])['distance'][0, 0])
    films = validation_films(options)
    if package['id'] == 'chest-pneumonia':
        films = [f for f in films if 'kind' in f]
    right = np.array([distance(f['picture']) for f in films])
    # Withholding a right picture costs trust, and the input check stands before: every right one of validation lies within.
    threshold = MARGIN * float(np.max(right))
    rng = np.random.default_rng(13)
    brains = heads(options.files)
    some = films[::3]
    named = {'lateral': 'lateral-like, imitated'}
    wrong = {named.get(kind, kind): [MAKE[kind](f['picture'], f['lungs'], rng) for f in some] for kind in MAKE}
    slices = np.concatenate([c['pictures'] for c in brain_flair(options.data, 'validation')])
    wrong['brain'] = list(slices[::4]) + brains[::8]
    wrong['noise, gradients, letters, forms'] = [
        np.clip(make(rng, 200), 0, 255).astype(np.uint8) for make in wrong_films.MADE for _ in range(12)
    ]
    beyond = {k: ([distance(p) for p in pictures if p is not None]) for k, pictures in wrong.items()}
    foreign = {name: distance(film(path)) / threshold for name, path in foreign_films(options.files)}
    return {
        'threshold': threshold,
        'measuredOn': f'all of {len(films)} validation films lie within, with a margin of 5 %',
        'beyond': {k: (float(np.mean(np.array(v) > threshold)), len(v)) for k, v in beyond.items()},
        'foreign': foreign,
    }


def foreign_films(files):
    """Frontal films of adults from elsewhere, all upright."""
    paths = sorted((files / 'studies' / 'cxr').glob('*.dcm'))
    paths.append(next((files / 'dicom' / 'torchxrayvision').glob('1.2*')))
    return [(f'{path.parent.name}/{path.name[:12]}', path) for path in paths]


def turned_series(picture, how):
    return np.ascontiguousarray(how(picture))


def of_series(package, graph, options, left_out):
    def median(picture):
        return float(np.median([graph(t)['distance'][0, 0] for t in series_tensors(package, picture)]))

    cases = brain_flair(options.data, 'validation')
    right = left_out + [median(c['pictures']) for c in cases]
    threshold = MARGIN * float(np.max(right))
    wrong = {name: [median(head(options.files, name))] for name in ('t1_head_mr', 't1_head_conformed_derived', 'pd_head_mr')}
    wrong['upside down'] = [median(turned_series(c['pictures'], lambda p: p[:, ::-1])) for c in cases]
    wrong['turned on its side'] = [median(turned_series(c['pictures'], lambda p: p.transpose(0, 2, 1))) for c in cases]
    wrong['inverted'] = [median(255 - c['pictures']) for c in cases]
    rng = np.random.default_rng(13)
    wrong['noise'] = [median(rng.normal(100, 30, (20, 256, 256)).clip(0)) for _ in range(10)]
    for contrast in ('t1', 't2', 'pd'):
        wrong[f'{contrast.upper()} imitated from FLAIR'] = [
            float(np.median([graph(imitated_stack(t, contrast, rng))['distance'][0, 0] for t in series_tensors(package, c['pictures'])]))
            for c in cases
        ]
    return {
        'threshold': threshold,
        'measuredOn': f'all of {len(right)} series lie within: {len(left_out)} training patients left out in turn, {len(cases)} of validation; with a margin of 5 %',
        'beyond': {k: (float(np.mean(np.array(v) > threshold)), len(v)) for k, v in wrong.items()},
        'foreign': {'flair_head_derived': median(head(options.files, 'flair_head_derived')) / threshold},
    }


def imitated_stack(tensor, contrast, rng):
    seed = int(rng.integers(1 << 30))
    return np.stack([imitated(p, contrast, np.random.default_rng(seed)) for p in tensor[0]])[None]


def measure(package, graph, options, left_out):
    if package['input']['kind'] == 'image':
        return of_films(package, graph, options)
    return of_series(package, graph, options, left_out)
