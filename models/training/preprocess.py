"""The steps of a model.json, as Overread runs them (the schema: contracts/model-package.ts).

A picture is an array [slices, rows, columns] as the stage named by `preprocess.from` holds it.
Statistics are always taken on the source grid, before any step, over the pixels that are not padding.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np


def percentile(values, q):
    """The smallest value whose cumulative count reaches ceil(q / 100 * n); q = 0 gives the minimum."""
    flat = np.asarray(values).reshape(-1)
    rank = max(1, math.ceil(q / 100 * flat.size))
    return float(np.partition(flat, rank - 1)[rank - 1])


@lru_cache(64)
def resize_weights(size_in, size_out):
    """One axis of a resize as a matrix [size_out, size_in]; pixel corners aligned.

    Area averaging with fractional coverage when the axis shrinks; linear between
    pixel centres, clamped at the edge, when it grows; the identity when neither.
    """
    weights = np.zeros((size_out, size_in))
    step = size_in / size_out
    for i in range(size_out):
        if size_out < size_in:
            low, high = i * step, (i + 1) * step
            for j in range(int(low), min(size_in, math.ceil(high))):
                weights[i, j] = (min(high, j + 1) - max(low, j)) / step
        else:
            centre = min(max((i + 0.5) * step - 0.5, 0), size_in - 1)
            j = min(int(centre), size_in - 1)
            weights[i, j] += 1 - (centre - j)
            if centre > j:
                weights[i, j + 1] += centre - j
    return weights


@lru_cache(64)
def linear_weights(size_in, size_out):
    """As `resize_weights`, but linear in both directions: the way back of a probability."""
    weights = np.zeros((size_out, size_in))
    for i in range(size_out):
        centre = min(max((i + 0.5) * size_in / size_out - 0.5, 0), size_in - 1)
        j = int(centre)
        weights[i, j] += 1 - (centre - j)
        if centre > j:
            weights[i, j + 1] += centre - j
    return weights


@dataclass
class Trace:
    """What each spatial step did, in order, so that a map can be taken back."""

    entries: list = field(default_factory=list)

    def back(self, values):
        """A map [rows, columns] on the input's grid, back on the source grid; 0 outside what was seen."""
        for entry in reversed(self.entries):
            if entry[0] == 'cut':
                _, top, left, rows, columns = entry
                whole = np.zeros((rows, columns), values.dtype)
                r0, c0 = max(top, 0), max(left, 0)
                r1, c1 = min(top + values.shape[0], rows), min(left + values.shape[1], columns)
                whole[r0:r1, c0:c1] = values[r0 - top : r1 - top, c0 - left : c1 - left]
                values = whole
            elif entry[0] == 'resize':
                _, rows, columns = entry
                values = linear_weights(values.shape[0], rows) @ values @ linear_weights(values.shape[1], columns).T
            elif entry[0] == 'flip':
                values = np.flip(values, entry[1])
        return values


class Statistics:
    """Percentiles and foreground of one slice and of its series, computed once and kept."""

    def __init__(self, picture, valid, foreground):
        self.picture, self.valid, self.rule = picture, valid, foreground
        self.kept = {}

    def _remember(self, key, compute):
        if key not in self.kept:
            self.kept[key] = compute()
        return self.kept[key]

    def _slices(self, scope, index):
        return slice(index, index + 1) if scope == 'slice' else slice(None)

    def _key(self, scope, index):
        return index if scope == 'slice' else 'series'

    def foreground(self, scope, index):
        def compute():
            part = self._slices(scope, index)
            picture, valid = self.picture[part], self.valid[part]
            threshold = self.rule['threshold'] * percentile(picture[valid], self.rule['ofPercentile'])
            return (picture > threshold) & valid

        return self._remember(('foreground', self._key(scope, index)), compute)

    def level(self, level, scope, index):
        if 'value' in level:
            return level['value']

        def compute():
            part = self._slices(scope, index)
            chosen = self.valid[part] if level['of'] == 'valid' else self.foreground(scope, index)
            return percentile(self.picture[part][chosen], level['percentile'])

        return self._remember((level['of'], level['percentile'], self._key(scope, index)), compute)

    def box(self, step, index):
        """(top, left, rows, columns); may reach beyond the picture."""

        def compute():
            found = self.foreground(step['statistics'], index)
            rows = np.flatnonzero((found.mean(axis=2) >= step['minimumFraction']).any(axis=0))
            columns = np.flatnonzero((found.mean(axis=1) >= step['minimumFraction']).any(axis=0))
            if rows.size == 0 or columns.size == 0:
                return 0, 0, *self.picture.shape[1:]
            top, height = int(rows[0]), int(rows[-1] - rows[0] + 1)
            left, width = int(columns[0]), int(columns[-1] - columns[0] + 1)
            grow = math.floor(step['margin'] * max(height, width) + 0.5)
            top, left, height, width = top - grow, left - grow, height + 2 * grow, width + 2 * grow
            if step['shape'] == 'square':
                side = max(height, width)
                # As with padding, the odd pixel goes to the end.
                top, left = top - (side - height) // 2, left - (side - width) // 2
                height = width = side
            return top, left, height, width

        return self._remember(('box', self._key(step['statistics'], index)), compute)


def cut(values, top, left, rows, columns, fill):
    """A rectangle that may reach beyond the picture."""
    result = np.full((rows, columns), fill, values.dtype)
    r0, c0 = max(top, 0), max(left, 0)
    r1, c1 = min(top + rows, values.shape[0]), min(left + columns, values.shape[1])
    if r1 > r0 and c1 > c0:
        result[r0 - top : r1 - top, c0 - left : c1 - left] = values[r0:r1, c0:c1]
    return result


def prepare_slice(steps, statistics, index):
    """One slice through all steps: its plane (float64) and its trace.

    The pictures here are already in the orientation that `orient` asks for, so that step does nothing.
    """
    values = statistics.picture[index].astype(np.float64)
    valid = statistics.valid[index]
    lowest = float(values[valid].min()) if valid.any() else 0.0
    trace = Trace()
    for step in steps:
        op = step['op']
        rows, columns = values.shape
        if op == 'orient':
            continue
        if op == 'crop-valid':
            r, c = np.flatnonzero(valid.any(axis=1)), np.flatnonzero(valid.any(axis=0))
            if r.size:
                values = values[r[0] : r[-1] + 1, c[0] : c[-1] + 1]
                trace.entries.append(('cut', int(r[0]), int(c[0]), rows, columns))
        elif op == 'crop-foreground':
            top, left, height, width = statistics.box(step, index)
            values = cut(values, top, left, height, width, lowest)
            trace.entries.append(('cut', top, left, rows, columns))
        elif op == 'resize':
            values = resize_weights(rows, step['rows']) @ values @ resize_weights(columns, step['columns']).T
            trace.entries.append(('resize', rows, columns))
        elif op == 'pad':
            top, left = (step['rows'] - rows) // 2, (step['columns'] - columns) // 2
            values = cut(values, -top, -left, step['rows'], step['columns'], step['value'])
            trace.entries.append(('cut', -top, -left, rows, columns))
        elif op == 'flip':
            axis = 0 if step['axis'] == 'rows' else 1
            values = np.flip(values, axis)
            trace.entries.append(('flip', axis))
        elif op == 'scale':
            low = statistics.level(step['low'], step['statistics'], index)
            high = statistics.level(step['high'], step['statistics'], index)
            values = (values - low) / (high - low) if high > low else np.zeros_like(values)
            if step['clip']:
                values = np.clip(values, 0, 1)
        elif op == 'standardise':
            values = (values - step['mean']) / step['deviation']
        elif op == 'clip':
            values = np.clip(values, step['min'], step['max'])
        else:
            raise ValueError(f'unknown step {op}')
    return values, trace


def prepare_series(package, picture, valid=None):
    """Every slice of a picture [slices, rows, columns]: planes [slices, rows, columns] float32, and their traces."""
    valid = np.ones(picture.shape, bool) if valid is None else valid
    rules = package['preprocess']
    statistics = Statistics(picture, valid, rules.get('foreground'))
    planes, traces = zip(*(prepare_slice(rules['steps'], statistics, i) for i in range(len(picture))))
    return np.stack(planes).astype(np.float32), list(traces)


def neighbours(index, count, channels, jump=1):
    """The slices of a stack, positions unknown: the next ones; beyond the end the outermost."""
    half = channels // 2
    return [min(max(index + jump * k, 0), count - 1) for k in range(-half, channels - half)]


def prepare(package, picture, index=0, valid=None):
    """The tensor [1, channels, rows, columns] of one slice, and its trace."""
    planes, traces = prepare_series(package, picture, valid)
    channels = package['input']['shape'][1]
    chosen = neighbours(index, len(planes), channels) if package['input']['kind'] == 'stack' else [index]
    return planes[chosen][None], traces[index]
