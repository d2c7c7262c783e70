"""Two convolutions with a ReLU between them, by SciPy: one JSON document in, one out. Shares no code with what it judges."""

import json
import sys

import numpy as np
from scipy.signal import correlate


def convolution(maps, weights, bias, pad, stride, dilation):
    spread = np.zeros(weights.shape[:2] + tuple((side - 1) * dilation + 1 for side in weights.shape[2:]))
    spread[:, :, ::dilation, ::dilation] = weights
    padded = np.pad(maps, ((0, 0), (pad, pad), (pad, pad)))
    whole = [sum(correlate(plane, filt, "valid") for plane, filt in zip(padded, filters)) for filters in spread]
    return np.array([plane[::stride, ::stride] for plane in whole]) + np.array(bias)[:, None, None]


case = json.load(sys.stdin)
array = lambda name: np.array(case[name]["values"], np.float64).reshape(case[name]["shape"])
first = np.maximum(convolution(array("image")[0], array("w1"), array("b1").ravel(), 1, 1, 1), 0)
second = convolution(first, array("w2"), array("b2").ravel(), 2, 2, 2)
json.dump({"first": first.ravel().tolist(), "second": second.ravel().tolist(), "shape": list(second.shape)}, sys.stdout)
