"""Modality and display values by the formulas of PS3.3, in numpy. An oracle that shares no code with the product; nothing of it ships.

Stored values come in as arrays of rows x columns (x 3); what a frame shows first is the file's first valid window, else its first VOI
LUT, else the range of its values. Those choices are the product's; every formula is the standard's.
"""
import warnings

import numpy as np

warnings.simplefilter("ignore")


def value(ds, tag, index=0):
    element = ds.get(tag)
    if element is None or element.value is None or element.value == "":
        return None
    found = element.value
    if not isinstance(found, (str, bytes)) and hasattr(found, "__len__"):
        return found[index] if len(found) > index else None
    return found


def values(ds, tag):
    element = ds.get(tag)
    if element is None or element.value is None or element.value == "":
        return []
    found = element.value
    return list(found) if not isinstance(found, (str, bytes)) and hasattr(found, "__len__") else [found]


def group(ds, frame, sequence):
    """The functional group of a frame: its own, else the shared one. PS3.3 C.7.6.16."""
    for items, index in ((ds.get(0x52009230), frame), (ds.get(0x52009229), 0)):
        if items is not None and len(items.value) > index:
            inner = items.value[index].get(sequence)
            if inner is not None and len(inner.value) > 0:
                return inner.value[0]
    return None


def little_endian(ds):
    return getattr(ds, "is_little_endian", True) is not False


def table_entries(element, count, bits, little):
    """Entries in words, or with 8 bits two in a word, the first in its low byte. PS3.3 C.11.1.1.1, C.7.6.3.1.6."""
    raw = element.value
    if isinstance(raw, bytes):
        words = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2" if little else ">u2")
    else:
        words = np.array(raw if hasattr(raw, "__len__") else [raw], np.int64) & 0xFFFF
    if len(words) >= count:
        return words[:count].astype(np.int64)
    packed = np.stack([words & 255, words >> 8], axis=1).reshape(-1)
    if bits <= 8 and len(packed) >= count:
        return packed[:count].astype(np.int64)
    raise ValueError("too few entries")


def lut(item, descriptor, data, signed, little):
    count, first, bits = (int(v) for v in values(item, descriptor))
    count = (count & 0xFFFF) or 65536
    first &= 0xFFFF
    if signed and first >= 0x8000:
        first -= 0x10000
    return first, table_entries(item[data], count, bits, little), bits


def look_up(table, first, x):
    return table[np.clip(np.floor(x - first + 0.5).astype(np.int64), 0, len(table) - 1)]


def modality_values(ds, stored, frame, signed, inputs=None):
    """PS3.3 C.11.1. @param inputs other values to map alike"""
    inputs = stored if inputs is None else inputs
    found = group(ds, frame, 0x00289145)
    item = found if found is not None else ds
    sequence = ds.get(0x00283000)
    if found is None and sequence is not None and len(sequence.value):
        first, table, _ = lut(sequence.value[0], 0x00283002, 0x00283006, signed, little_endian(ds))
        return look_up(table, first, inputs).astype(float)
    slope, intercept = value(item, 0x00281053), value(item, 0x00281052)
    if slope is None and intercept is None:
        dose = value(ds, 0x3004000E)
        return inputs.astype(float) * (float(dose) if dose else 1.0)
    return inputs.astype(float) * (float(slope) if slope else 1.0) + float(intercept or 0)


def can_be_negative(ds, frame, signed):
    """Whether the output of the modality LUT may be below zero, which gives the VOI LUT's first value its sign. PS3.3 C.11.2.1.1."""
    if ds.get(0x00283000) is not None and len(ds[0x00283000].value) and group(ds, frame, 0x00289145) is None:
        return False
    bits = int(value(ds, 0x00280101) or value(ds, 0x00280100) or 16)
    ends = np.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] if signed else [0, 2**bits - 1])
    return modality_values(ds, ends, frame, signed).min() < 0


def padding_mask(ds, stored, signed):
    """PS3.3 C.7.5.1.1.2."""
    low, high = 0x00280120, 0x00280121
    if value(ds, low) is None:
        low, high = (0x00280122, 0x00280124) if value(ds, 0x00280122) is not None else (0x00280123, 0x00280125)
    first = value(ds, low)
    if first is None:
        return np.zeros(stored.shape, bool)
    last = value(ds, high)
    last = first if last is None else last
    if low == 0x00280120 and int(ds.BitsAllocated) <= 16:
        first, last = (((int(v) & 0xFFFF) ^ 0x8000) - 0x8000 if signed else int(v) & 0xFFFF for v in (first, last))
    return (stored >= min(first, last)) & (stored <= max(first, last))


def window(ds, frame):
    found = group(ds, frame, 0x00289132)
    item = found if found is not None else ds
    function = str(value(item, 0x00281056) or "LINEAR").upper()
    if function not in ("SIGMOID", "LINEAR_EXACT"):
        function = "LINEAR"
    for center, width in zip(values(item, 0x00281050), values(item, 0x00281051)):
        center, width = float(center), float(width)
        if width >= 1 if function == "LINEAR" else width > 0:
            return function, center, width
    return None


def windowed(x, function, c, w):
    """0 to 1. PS3.3 C.11.2.1.2.1, C.11.2.1.3."""
    if function == "SIGMOID":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-4 * (x - c) / w))
    if function == "LINEAR_EXACT":
        return np.where(x <= c - w / 2, 0.0, np.where(x > c + w / 2, 1.0, (x - c) / w + 0.5))
    inside = (x - (c - 0.5)) / (w - 1) + 0.5 if w > 1 else np.zeros_like(x)
    return np.where(x <= c - 0.5 - (w - 1) / 2, 0.0, np.where(x > c - 0.5 + (w - 1) / 2, 1.0, inside))


def grey(ds, stored, photometric, frame, signed):
    x = modality_values(ds, stored, frame, signed)
    padding = padding_mask(ds, stored, signed)
    if ds.get(0x00283000) is not None and padding.any():
        # A table that gives the padding's value to other pixels too leaves padding no value of its own.
        others = np.setdiff1d(np.arange(-32768, 65536), stored[padding])
        item = ds[0x00283000].value[0]
        first, table, _ = lut(item, 0x00283002, 0x00283006, signed, little_endian(ds))
        others = others[(others >= first) & (others < first + len(table))]
        if np.isin(x[padding], look_up(table, first, others)).any():
            padding = np.zeros_like(padding)
    chosen = window(ds, frame)
    found = group(ds, frame, 0x00289132)
    tables = (found if found is not None else ds).get(0x00283010)
    if chosen:
        unit = windowed(x, *chosen)
    elif tables is not None and len(tables.value):
        first, table, bits = lut(tables.value[0], 0x00283002, 0x00283006, can_be_negative(ds, frame, signed), little_endian(ds))
        unit = np.minimum(look_up(table, first, x) / (2**bits - 1), 1)
    else:
        shown = x[~padding & np.isfinite(x)]
        low, high = (shown.min(), shown.max()) if shown.size else (0.0, 0.0)
        if low == high:
            low, high = (0.0, 1.0) if low == 0 else (min(0.0, low), max(0.0, high))
        unit = np.clip((x - low) / (high - low), 0, 1)
    if photometric == "MONOCHROME1" or str(value(ds, 0x20500020) or "").upper() == "INVERSE":
        unit = 1 - unit
    return np.where(padding, 0, np.floor(np.nan_to_num(unit) * 255 + 0.5))


def expand_segments(words, count, wide):
    """PS3.3 C.7.9.2."""
    out = []

    def run(at, segments):
        done = 0
        while done < segments and at + 1 < len(words) and len(out) < count:
            kind, length = int(words[at]), int(words[at + 1])
            if kind == 0:
                out.extend(int(v) for v in words[at + 2 : at + 2 + length])
                at += 2 + length
            elif kind == 1:
                start, end = out[-1], int(words[at + 2])
                out.extend(start + (end - start) * (i + 1) / length for i in range(length))
                at += 3
            else:
                if wide:
                    offset = int(words[at + 2]) | int(words[at + 3]) << 16
                    run(offset // 2, length)
                    at += 4
                else:
                    run(sum(int(words[at + 2 + i]) << 8 * i for i in range(4)), length)
                    at += 6
            done += 1

    run(0, 1 << 30)
    return np.array(out[:count], float)


def palette(ds, stored, signed):
    little = little_endian(ds)
    channels = []
    for tag in (0x00281101, 0x00281102, 0x00281103):
        count, first, bits = (int(v) for v in values(ds, tag))
        count = (count & 0xFFFF) or 65536
        first &= 0xFFFF
        if signed and first >= 0x8000:
            first -= 0x10000
        if tag + 0x120 in ds:
            raw = ds[tag + 0x120].value
            words = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2" if little else ">u2")
            if bits <= 8:
                words = np.stack([words & 255, words >> 8], axis=1).reshape(-1)
            entries = expand_segments(words, count, bits > 8)
        else:
            entries = table_entries(ds[tag + 0x100], count, bits, little)
        channels.append((entries, first, bits))
    # Writers that put 8-bit colours into 16-bit entries leave none above 255, in no channel.
    wide = any(entries.max() > 255 for entries, _, _ in channels)
    return np.stack([np.floor(look_up(e, f, stored) / 256) if wide else look_up(e, f, stored) for e, f, _ in channels], axis=-1)


def rgb(ds, stored, photometric, signed):
    """PS3.3 C.7.6.3.1.2."""
    if photometric == "PALETTE COLOR":
        return palette(ds, stored, signed)
    bits = int(ds.BitsStored)
    x = stored.astype(float) * 255 / (2**bits - 1) if bits != 8 else stored.astype(float)
    if photometric == "RGB":
        return np.floor(x + 0.5)
    full = [[1, 0, 1.402], [1, -0.114 * 1.772 / 0.587, -0.299 * 1.402 / 0.587], [1, 1.772, 0]]
    partial = [[255 / 219, 0, 255 / 224 * 1.402], [255 / 219, -255 / 224 * 0.114 * 1.772 / 0.587, -255 / 224 * 0.299 * 1.402 / 0.587], [255 / 219, 255 / 224 * 1.772, 0]]
    if photometric == "YBR_FULL":
        half = 2 ** (bits - 1) * 255 / (2**bits - 1)
        return np.clip(np.floor((x - [0, half, half]) @ np.array(full).T + 0.5), 0, 255)
    if photometric.startswith("YBR_PARTIAL"):
        return np.clip(np.floor((x - [16, 128, 128]) @ np.array(partial).T + 0.5), 0, 255)
    raise ValueError(photometric)


def display_values(ds, stored, photometric, frame, signed):
    """8-bit display values: rows x columns, or x 3 of colour."""
    if photometric.startswith("MONOCHROME"):
        return grey(ds, stored, photometric, frame, signed).astype(np.uint8)
    return rgb(ds, stored, photometric, signed).astype(np.uint8)
