"""Measures: Dice, areas under curves, bootstrap intervals by patient, thresholds, calibration."""

import numpy as np
from sklearn.metrics import roc_auc_score


def sigmoid(logits):
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def dice(found, truth):
    total = found.sum() + truth.sum()
    return 1.0 if total == 0 else 2 * (found & truth).sum() / total


def by_patient(patients, measure, rounds=2000, seed=7):
    """The 95 % interval of `measure(indices)` when whole patients are drawn with replacement."""
    groups = {}
    for i, patient in enumerate(patients):
        groups.setdefault(patient, []).append(i)
    groups = [np.array(g) for g in groups.values()]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(rounds):
        value = measure(np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))]))
        if np.isfinite(value):
            drawn.append(value)
    return [float(v) for v in np.quantile(drawn, [0.025, 0.975])]


def auc(truth, score):
    return float(roc_auc_score(truth, score)) if 0 < truth.sum() < len(truth) else float('nan')


def auc_of_like_aspect(truth, score, aspect, within=0.05):
    """The share of pairs (sick, normal) in the right order among those whose aspect ratios differ by that part at most."""
    ratio = np.abs(np.log(aspect[truth])[:, None] - np.log(aspect[~truth])[None]) <= within
    more = score[truth][:, None] - score[~truth][None]
    return float(((more > 0) + 0.5 * (more == 0))[ratio].mean()) if ratio.any() else float('nan')


def temperature(logits, truth):
    """The divisor of the logits with the least cross entropy, classes weighted equally; to two places."""
    weight = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    candidates = np.round(np.exp(np.linspace(np.log(0.2), np.log(5), 400)), 2)

    def entropy(t):
        z = logits / t
        return (weight * (np.logaddexp(0, z) - truth * z)).mean()

    return float(min(candidates, key=entropy))


def sensitivity_specificity(truth, positive):
    return float((positive & truth).sum() / truth.sum()), float((~positive & ~truth).sum() / (~truth).sum())


def threshold_for(truth, probability, aim):
    """A threshold to three places.

    aim `balanced`: the greatest sum of sensitivity and specificity; a number with
    `sensitivity` or `specificity`: that much of it at least, and the most of the other.
    """
    best = None
    for t in np.unique(np.round(probability, 3)):
        se, sp = sensitivity_specificity(truth, probability >= t)
        if aim == 'balanced':
            value = se + sp
        elif 'sensitivity' in aim:
            value = sp if se >= aim['sensitivity'] else -1
        else:
            value = se if sp >= aim['specificity'] else -1
        if best is None or value > best[0] + 1e-9:
            best = (value, float(t), se, sp)
    return best[1:]
