"""Figures of an evaluation by scikit-learn and SciPy: one JSON document in, one out. Shares no code with what it judges."""

import json
import sys

import numpy as np
from scipy import ndimage
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score, roc_auc_score


def scores(case):
    truth, score = np.array(case["truth"], bool), np.array(case["score"])
    negative_true, positive_false, negative_false, positive_true = confusion_matrix(truth, score >= case["threshold"]).ravel()
    share, mean = calibration_curve(truth, score, n_bins=10, strategy="uniform")
    cases = np.histogram(score, bins=np.linspace(0, 1, 11))[0]
    return {
        "auc": roc_auc_score(truth, score),
        "brier": brier_score_loss(truth, score),
        "ece": float(np.sum(cases[cases > 0] / len(score) * np.abs(share - mean))),
        "sensitivity": positive_true / (positive_true + negative_false),
        "specificity": negative_true / (negative_true + positive_false),
    }


def edge(mask):
    return mask & ~ndimage.binary_erosion(mask, border_value=0)


def outlines(case):
    shape = case["rows"], case["columns"]
    truth, found = (np.array(case[name], bool).reshape(shape) for name in ("truth", "found"))
    to_found = ndimage.distance_transform_edt(~edge(found), sampling=case["spacing"])[edge(truth)]
    to_truth = ndimage.distance_transform_edt(~edge(truth), sampling=case["spacing"])[edge(found)]
    return {
        # For two classes the F1 score is Dice.
        "dice": f1_score(truth.ravel(), found.ravel()),
        "hausdorff95": max(np.percentile(to_found, 95), np.percentile(to_truth, 95)),
    }


asked = json.load(sys.stdin)
json.dump({"scores": [scores(case) for case in asked["scores"]], "outlines": [outlines(case) for case in asked["outlines"]]}, sys.stdout)
