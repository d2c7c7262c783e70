"""Several hundred small DICOM objects over the cross product of what an image may state, each with the values that it holds.

generate.py FOLDER [SEED]. The pixel values are chosen first and then written down, so that what is expected rests on no decoder;
modality and display values are those of standard.py. Writes NAME.dcm, NAME.stored and NAME.modality (float64), NAME.display (uint8), and cases.json.
"""
import copy
import itertools
import json
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pydicom
from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

import standard

folder = sys.argv[1]
random = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 20)
cases = []
IMPLICIT, EXPLICIT, DEFLATED, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"
RLE, DEFLATED_FRAME = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1"
NATIVE = (EXPLICIT, IMPLICIT, BIG, DEFLATED)
# Younger than the pydicom that writes here.
for uid in (DEFLATED_FRAME, "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202"):
    UID_dictionary.setdefault(uid, (uid, "Transfer Syntax", "", "", uid))


def picture(rows, columns, lowest, highest, samples=1):
    """Extremes, edges and noise."""
    shape = (rows, columns) if samples == 1 else (rows, columns, samples)
    array = random.integers(lowest, highest, size=shape, endpoint=True, dtype=np.int64)
    ramp = np.linspace(lowest, highest, columns).astype(np.int64)
    array[0] = ramp if samples == 1 else np.stack([ramp, ramp[::-1], ramp], axis=-1)
    array.reshape(-1)[-1] = lowest
    array.reshape(-1)[-2] = highest
    return array


def image(frames, photometric="MONOCHROME2", allocated=16, stored=None, high=None, signed=False, planar=None):
    """A data set without pixel data for these frames."""
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = f"2.25.{len(cases) + 1}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.1000001", "2.25.1000002"
    ds.Modality, ds.PatientID, ds.PatientName = "OT", "GENERATED", "Generated"
    ds.SamplesPerPixel = 3 if frames[0].ndim == 3 else 1
    ds.PhotometricInterpretation = photometric
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = planar or 0
    if len(frames) > 1:
        ds.NumberOfFrames = len(frames)
    ds.Rows, ds.Columns = frames[0].shape[:2]
    ds.BitsAllocated = allocated
    ds.BitsStored = stored or allocated
    ds.HighBit = ds.BitsStored - 1 if high is None else high
    ds.PixelRepresentation = int(signed)
    return ds


def native(ds, frames, big, junk=False):
    """The pixel cells of PS3.5 8.1.1, each frame as a number of bytes."""
    allocated, stored = int(ds.BitsAllocated), int(ds.BitsStored)
    if allocated == 1:
        bits = np.concatenate([f.reshape(-1) for f in frames]).astype(np.uint8)
        packed = np.packbits(bits, bitorder="little").tobytes()
        packed += b"\0" * (len(packed) % 2)
        return swap(packed, 2) if big else packed
    shift = int(ds.HighBit) + 1 - stored
    out = []
    for frame in frames:
        cells = (frame.astype(np.int64) & (2**stored - 1)) << shift
        if junk:
            mask = (2**stored - 1) << shift
            cells |= random.integers(0, 2**allocated, size=cells.shape, dtype=np.int64) & ~mask & (2**allocated - 1)
        if frame.ndim == 3:
            if ds.PhotometricInterpretation.endswith("422"):
                pairs = cells.reshape(-1, 2, 3)
                cells = np.stack([pairs[:, 0, 0], pairs[:, 1, 0], pairs[:, 0, 1], pairs[:, 0, 2]], axis=-1)
            elif ds.PlanarConfiguration == 1:
                cells = np.moveaxis(cells, -1, 0)
        out.append(cells.astype({8: "u1", 16: "<u2", 32: "<u4"}[allocated]).tobytes())
    joined = b"".join(out)
    joined += b"\0" * (len(joined) % 2)
    return swap(joined, max(2, allocated // 8)) if big else joined


def swap(raw, size):
    return np.frombuffer(raw, np.uint8).reshape(-1, size)[:, ::-1].tobytes()


def write(name, ds, syntax):
    path = os.path.join(folder, name + ".dcm")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    ds.is_little_endian, ds.is_implicit_VR = syntax != BIG, syntax == IMPLICIT
    file = FileDataset(path, ds, file_meta=meta, preamble=b"\0" * 128)
    file.is_little_endian, file.is_implicit_VR = ds.is_little_endian, ds.is_implicit_VR
    file.save_as(path, write_like_original=False)
    return path


def expect(name, ds, frames, photometric=None, signed=None, stored=True, origin="", modality=True, stage_display=True, refused=None):
    """Adds a case. @param frames what each holds; None where only another decoder can say"""
    signed = bool(ds.PixelRepresentation) if signed is None else signed
    photometric = photometric or ds.PhotometricInterpretation
    case = {"name": name, "frames": len(frames), "family": name.split("-")[0], "origin": origin, "refused": refused}
    if refused is None:
        if stored:
            np.concatenate([f.reshape(-1).astype("<f8") for f in frames]).tofile(os.path.join(folder, name + ".stored"))
        if photometric.startswith("MONOCHROME") and modality:
            values = [standard.modality_values(ds, f, i, signed).reshape(-1) for i, f in enumerate(frames)]
            np.concatenate(values).astype("<f8").tofile(os.path.join(folder, name + ".modality"))
        if stage_display:
            shown = [standard.display_values(ds, f, photometric, i, signed).reshape(-1) for i, f in enumerate(frames)]
            np.concatenate(shown).tofile(os.path.join(folder, name + ".display"))
    cases.append(case)


def add(name, ds, frames, syntax=EXPLICIT, junk=False, **options):
    """A native object, or one of frames that are compressed here."""
    if syntax in (RLE, DEFLATED_FRAME):
        streams = [rle(ds, f) if syntax == RLE else deflated(ds, f, junk) for f in frames]
        ds.PixelData = encapsulate(streams, has_bot=False)
        ds["PixelData"].is_undefined_length = True
        ds["PixelData"].VR = "OB"
    else:
        ds.PixelData = native(ds, frames, syntax == BIG, junk)
        ds["PixelData"].VR = options.pop("vr", "OW")
    path = write(name, ds, syntax)
    expect(name, ds, frames, **options)
    return path


def deflated(ds, frame, junk):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = native(ds, [frame], False, junk)
    cell = int(ds.BitsAllocated) * frame.size
    return packer.compress(raw[: (cell + 7) // 8]) + packer.flush()


def rle(ds, frame):
    """Literal runs only. PS3.5 annex G."""
    size = int(ds.BitsAllocated) // 8
    shift = int(ds.HighBit) + 1 - int(ds.BitsStored)
    cells = (frame.astype(np.int64) & (2 ** int(ds.BitsStored) - 1)) << shift
    segments = []
    for sample in range(3 if frame.ndim == 3 else 1):
        plane = (cells[..., sample] if frame.ndim == 3 else cells).reshape(-1)
        for byte in range(size - 1, -1, -1):
            plain = ((plane >> 8 * byte) & 255).astype(np.uint8).tobytes()
            packed = b"".join(bytes([len(plain[i : i + 128]) - 1]) + plain[i : i + 128] for i in range(0, len(plain), 128))
            segments.append(packed + b"\0" * (len(packed) % 2))
    offsets = list(itertools.accumulate([64] + [len(s) for s in segments]))[:-1]
    return struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(offsets))) + b"".join(segments)


def table_item(first, entries, bits, signed, packed=False, big=False, explanation=None):
    """An item of a modality or VOI LUT sequence."""
    item = Dataset()
    count = len(entries) % 65536
    item.add_new(0x00283002, "SS" if signed else "US", [count if not signed or count < 32768 else count - 65536, first, bits])
    words = np.array(entries, np.int64)
    if packed:
        raw = words.astype(np.uint8).tobytes()
        raw += b"\0" * (len(raw) % 2)
        item.add_new(0x00283006, "OW", swap(raw, 2) if big else raw)
    else:
        item.add_new(0x00283006, "OW", words.astype(">u2" if big else "<u2").tobytes())
    if explanation:
        item.add_new(0x00283003, "LO", explanation)
    item.is_little_endian, item.is_implicit_VR = not big, False
    return item


def bits_family():
    syntaxes = itertools.cycle(NATIVE + (RLE, DEFLATED_FRAME))
    toggles = itertools.cycle([(False, "MONOCHROME2"), (True, "MONOCHROME1"), (True, "MONOCHROME2"), (False, "MONOCHROME1"), (True, "MONOCHROME2")])
    depths = [(8, s) for s in range(1, 9)] + [(16, s) for s in range(1, 17)] + [(32, s) for s in (1, 7, 8, 12, 16, 17, 20, 24, 31, 32)]
    for (allocated, stored), signed in itertools.product(depths, (False, True)):
        for high in sorted({stored - 1, (stored + allocated) // 2 - 1, allocated - 1}):
            syntax, (junk, photometric) = next(syntaxes), next(toggles)
            lowest, highest = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if signed else (0, 2**stored - 1)
            frames = [picture(5, 7, lowest, highest) for _ in range(1 if high == stored - 1 else 3)]
            ds = image(frames, photometric, allocated, stored, high, signed)
            add(f"bits-{allocated}-{stored}-{high}-{'s' if signed else 'u'}-{syntax[17:].strip('.') or '0'}", ds, frames, syntax, junk and syntax != RLE)


def modality_family():
    slopes = ["1", "2", "-1", "0.5", "-0.37", "0.001", "3.7", "1e2", "0.30000000001"]
    for index, (slope, intercept, signed) in enumerate(itertools.product(slopes, ["0", "-1024", "0.25", "5"], (False, True))):
        frame = picture(5, 7, -2048 if signed else 0, 2047 if signed else 4095)
        ds = image([frame], "MONOCHROME1" if index % 5 == 0 else "MONOCHROME2", 16, 12, None, signed)
        ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
        if index % 3 == 0:
            ds.WindowCenter, ds.WindowWidth = "100.5", "777.25"
        add(f"rescale-{index}", ds, [frame], NATIVE[index % 4])
    for index, (signed, first, bits, packed, big) in enumerate(itertools.product((False, True), (-300, 0, 20, 1000), (8, 12, 16), (False, True), (False, True))):
        if (packed and bits > 8) or (first < 0 and not signed):
            continue
        frame = picture(5, 7, -500 if signed else 0, 1500)
        ds = image([frame], "MONOCHROME2", 16, 16, None, signed)
        entries = random.integers(0, 2**bits, size=501, endpoint=False)
        ds.ModalityLUTSequence = Sequence([table_item(first, entries, bits, signed, packed, big)])
        ds.ModalityLUTSequence[0].add_new(0x00283004, "LO", "US")
        if index % 2:
            ds.WindowCenter, ds.WindowWidth = 2 ** (bits - 1), 2**bits
        add(f"modalitylut-{index}", ds, [frame], BIG if big else EXPLICIT)
    for signed in (False, True):
        frame = picture(9, 11, -32768 if signed else 0, 32767 if signed else 65535)
        ds = image([frame], "MONOCHROME2", 16, 16, None, signed)
        entries = np.arange(65536)[::-1]
        ds.ModalityLUTSequence = Sequence([table_item(-32768 if signed else 0, entries, 16, signed)])
        ds.ModalityLUTSequence[0].add_new(0x00283004, "LO", "US")
        add(f"modalitylut-65536-{signed}", ds, [frame])
        # In implicit encoding the sign of the first value is the reader's to know. PS3.5 A.1.
        frame = picture(5, 7, -500 if signed else 0, 1500)
        ds = image([frame], "MONOCHROME2", 16, 16, None, signed)
        ds.ModalityLUTSequence = Sequence([table_item(-300 if signed else 300, random.integers(0, 65536, size=501), 16, signed)])
        ds.ModalityLUTSequence[0].add_new(0x00283004, "LO", "US")
        add(f"modalitylut-implicit-{signed}", ds, [frame], IMPLICIT)


def voi_family():
    windows = [("500", "1000"), ("0", "1"), ("40.5", "1"), ("100", "1.5"), ("100", "2"), ("-300", "0.5"), ("20", "0"), ("1000", "4096"), ("300.25", "33.3"), ("2048\\10", "4096\\20"), ("5\\600", "0\\100"), ("-2000", "100"), ("9000", "100"), ("50", "-20")]
    functions = [None, "LINEAR", "LINEAR_EXACT", "SIGMOID", "linear_exact", "UNKNOWN"]
    shapes = [None, "IDENTITY", "INVERSE"]
    for index, ((center, width), function) in enumerate(itertools.product(windows, functions)):
        signed = index % 2 == 1
        frame = picture(6, 9, -2048 if signed else 0, 2047 if signed else 4095)
        frame[1] = np.arange(9) - 4 + int(float(center.split("\\")[0]))
        frame = np.clip(frame, -2048 if signed else 0, 2047 if signed else 4095)
        ds = image([frame], "MONOCHROME1" if index % 3 == 0 else "MONOCHROME2", 16, 12, None, signed)
        ds.WindowCenter, ds.WindowWidth = center.split("\\"), width.split("\\")
        if function:
            ds.VOILUTFunction = function
        if shapes[index % 3]:
            ds.PresentationLUTShape = shapes[(index // 3) % 3] or "IDENTITY"
        if index % 4 == 0:
            ds.RescaleSlope, ds.RescaleIntercept = "0.5", "-10.25"
        add(f"voi-{index}", ds, [frame], NATIVE[index % 4])


def voi_lut_family():
    for index, (bits, first, signed, slope) in enumerate(itertools.product((8, 9, 10, 12, 15, 16), (-700, -5, 0, 100, 3000), (False, True), (None, "-1", "0.5"))):
        if index % 2 and bits not in (8, 16):
            continue
        frame = picture(6, 9, -1024 if signed else 0, 1023 if signed else 2047)
        ds = image([frame], "MONOCHROME1" if index % 5 == 0 else "MONOCHROME2", 16, 12, None, signed)
        negative = signed or slope == "-1"
        if slope:
            ds.RescaleSlope, ds.RescaleIntercept = slope, "0"
        if first < 0 and not negative:
            continue
        big = index % 7 == 0
        entries = random.integers(0, 2**bits, size=701 + index % 2, endpoint=False)
        ds.VOILUTSequence = Sequence([table_item(first, entries, bits, negative, bits == 8 and index % 2 == 0, big, "FIRST")])
        if index % 6 == 0:
            ds.VOILUTSequence.append(table_item(0, entries[::-1], bits, negative, False, big, "SECOND"))
        add(f"voilut-{index}", ds, [frame], BIG if big else EXPLICIT)
    frame = picture(9, 11, 0, 65535)
    ds = image([frame])
    ds.VOILUTSequence = Sequence([table_item(0, np.arange(65536)[::-1], 16, False)])
    add("voilut-65536", ds, [frame])


def padding_family():
    for index, (slope, signed, ranged, vr, photometric) in enumerate(itertools.product((None, "1", "0.1", "-0.3", "2", "1.7"), (False, True), (False, True), ("US", "SS"), ("MONOCHROME2", "MONOCHROME1"))):
        low, high = (-2000, -1990) if signed else (63000, 63010)
        frame = picture(6, 9, -1000 if signed else 0, 1000)
        frame[2, 3:8], frame[3, 2] = low, high if ranged else low
        frame[4, 4] = low + 4 if ranged else low
        ds = image([frame], photometric, 16, 16, None, signed)
        if slope:
            ds.RescaleSlope, ds.RescaleIntercept = slope, "3.1" if index % 2 else "-1024"
        if index % 3 == 0:
            ds.WindowCenter, ds.WindowWidth = "40", "400"
        as_vr = lambda v: (v & 0xFFFF) if vr == "US" else ((v & 0xFFFF) ^ 0x8000) - 0x8000
        first, last = (high, low) if index % 5 == 0 and ranged else (low, high)
        ds.add_new(0x00280120, vr, as_vr(first))
        if ranged:
            ds.add_new(0x00280121, vr, as_vr(last))
        add(f"padding-{index}", ds, [frame], NATIVE[index % 4] if vr == ("SS" if signed else "US") else EXPLICIT)
    for clamps in (False, True):
        frame = picture(6, 9, 0, 1000)
        frame[2, 3:8] = 0 if not clamps else 2000
        ds = image([frame])
        ds.PixelPaddingValue = int(frame[2, 3])
        ds.ModalityLUTSequence = Sequence([table_item(100, np.arange(801)[::-1] * 5, 16, False)])
        ds.ModalityLUTSequence[0].add_new(0x00283004, "LO", "US")
        add(f"padding-table-{clamps}", ds, [frame])
    for dtype, tag, vr, keyword in (("<f4", 0x00280122, "FL", "FloatPixelData"), ("<f8", 0x00280123, "FD", "DoubleFloatPixelData")):
        for index, (pad, ranged, slope) in enumerate(itertools.product((-999.1, 1e30), (False, True), (None, "0.3"))):
            frame = random.normal(size=(6, 9)).astype(dtype) * 100
            frame[3, 3:6], frame[4, 4] = pad, pad - 1 if ranged else pad
            ds = image([frame], "MONOCHROME2", 32 if vr == "FL" else 64)
            del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
            ds.add_new(tag, vr, float(frame[3, 3]))
            if ranged:
                ds.add_new(tag + 2, vr, float(frame[3, 3]) - 2)
            if slope:
                ds.RescaleSlope, ds.RescaleIntercept = slope, "0.1"
            setattr(ds, keyword, frame.tobytes())
            name = f"padding-{vr}-{index}"
            write(name, ds, EXPLICIT)
            ds.BitsStored = ds.BitsAllocated
            expect(name, ds, [frame.astype(float)], signed=True)


def float_family():
    for keyword, dtype in (("FloatPixelData", "f4"), ("DoubleFloatPixelData", "f8")):
        for syntax, window, frames in itertools.product((EXPLICIT, IMPLICIT, BIG), (None, ("0.5", "2.5")), (1, 3)):
            pictures = [(random.normal(size=(5, 7)) * 10.0 ** int(random.integers(-6, 6))).astype(dtype) for _ in range(frames)]
            if window:
                pictures[0][0, 0:3] = [np.nan, np.inf, -np.inf]
            ds = image(pictures, "MONOCHROME2", 32 if dtype == "f4" else 64)
            del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
            if window:
                ds.WindowCenter, ds.WindowWidth = window
                ds.VOILUTFunction = "LINEAR_EXACT"
            raw = np.concatenate([p.reshape(-1) for p in pictures]).astype((">" if syntax == BIG else "<") + dtype).tobytes()
            setattr(ds, keyword, raw)
            name = f"float-{dtype}-{syntax[17:].strip('.') or '0'}-{frames}-{bool(window)}"
            write(name, ds, syntax)
            ds.BitsStored = ds.BitsAllocated
            expect(name, ds, [p.astype(float) for p in pictures], signed=True)


def colour_family():
    for index, (photometric, planar, allocated, frames) in enumerate(itertools.product(("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422"), (0, 1), (8, 16), (1, 3))):
        halved = photometric.endswith("422")
        if halved and (planar or allocated == 16):
            continue
        for syntax in NATIVE + (() if halved else (RLE, DEFLATED_FRAME)):
            pictures = [picture(5, 6 if halved else 7, 0, 2**allocated - 1, 3) for _ in range(frames)]
            if halved:
                for p in pictures:
                    p[:, 1::2, 1:] = p[:, 0::2, 1:]
            ds = image(pictures, photometric, allocated, planar=planar)
            add(f"colour-{photometric}-{planar}-{allocated}-{frames}-{syntax[17:].strip('.') or '0'}", ds, pictures, syntax, photometric="YBR_FULL" if photometric == "YBR_FULL_422" else photometric)
    for stored, high in ((7, 6), (7, 7), (5, 6)):
        p = picture(5, 7, 0, 2**stored - 1, 3)
        add(f"colour-bits-{stored}-{high}", image([p], "RGB", 8, stored, high, planar=1), [p], EXPLICIT, True)
    for stored, high in ((8, 7), (10, 9), (12, 15)):
        p = picture(5, 7, 0, 2**stored - 1, 3)
        add(f"colour-bits-16-{stored}-{high}", image([p], "RGB", 16, stored, high), [p], EXPLICIT, True)
    # Colours of 8 bits as OB in big endian stand byte by byte.
    p = picture(5, 7, 0, 255, 3)
    ds = image([p], "RGB", 8)
    ds.PixelData = p.astype(np.uint8).tobytes() + b"\0"
    ds["PixelData"].VR = "OB"
    write("colour-ob-big", ds, BIG)
    expect("colour-ob-big", ds, [p])
    p = picture(5, 6, 0, 255, 3)
    ds = image([p], "MONOCHROME2", 8)
    ds.PixelData = p.astype(np.uint8).tobytes()
    ds["PixelData"].VR = "OB"
    write("colour-contradiction", ds, EXPLICIT)
    expect("colour-contradiction", ds, [p], refused="pixels.photometric")


def set_palette(ds, tables, first, bits, signed, packed, big, segmented=False):
    for channel, entries in enumerate(tables):
        count = segmented or len(entries)
        count = count % 65536
        vr = "SS" if signed else "US"
        ds.add_new(0x00281101 + channel, vr, [count if not signed or count < 32768 else count - 65536, first, bits])
        words = np.array(entries, np.int64)
        if packed:
            raw = words.astype(np.uint8).tobytes()
            raw += b"\0" * (len(raw) % 2)
            raw = swap(raw, 2) if big else raw
        else:
            raw = words.astype(">u2" if big else "<u2").tobytes()
        ds.add_new((0x00281221 if segmented else 0x00281201) + channel, "OW", raw)


def palette_family():
    index = 0
    for allocated, signed, first, bits, packed, syntax in itertools.product((8, 16), (False, True), (-100, 0, 50), (8, 16), (False, True), (EXPLICIT, BIG, IMPLICIT)):
        if (first < 0 and not signed) or (packed and bits == 16):
            continue
        index += 1
        lowest = -128 if signed else 0
        p = picture(6, 9, lowest * (1 if allocated == 8 else 3), 127 if signed else 255)
        ds = image([p, p[::-1]], "PALETTE COLOR", allocated, allocated, None, signed)
        tables = [random.integers(0, 2**bits, size=201 if index % 2 else 200) for _ in range(3)]
        set_palette(ds, tables, first, bits, signed, packed, syntax == BIG)
        add(f"palette-{index}", ds, [p, p[::-1]], syntax)
    p = picture(9, 11, 0, 65535)
    ds = image([p], "PALETTE COLOR", 16)
    set_palette(ds, [np.arange(65536), np.arange(65536)[::-1], np.full(65536, 300)], 0, 16, False, False, False)
    add("palette-65536", ds, [p])
    # A dark channel of 16 bits beside a bright one is no 8-bit palette.
    p = picture(6, 9, 0, 99)
    ds = image([p], "PALETTE COLOR", 8)
    set_palette(ds, [np.arange(100) * 655, np.full(100, 200), np.arange(100)], 0, 16, False, False, False)
    add("palette-dark-channel", ds, [p])
    ds = image([p], "PALETTE COLOR", 8)
    set_palette(ds, [np.arange(100), np.arange(100) * 2, np.full(100, 255)], 0, 16, False, False, False)
    add("palette-8-in-16", ds, [p])
    segments16 = [0, 3, 1000, 2000, 60000, 1, 10, 5000, 2, 2, 0, 0, 0, 2, 7, 65535, 1, 60, 300, 1, 1, 9]
    count16 = 3 + 10 + 3 + 10 + 2 + 60 + 1
    segments8 = [0, 4, 0, 255, 3, 77, 1, 20, 250, 1, 7, 0, 2, 2, 0, 0, 0, 0, 0, 1, 9, 1, 5, 128]
    count8 = 4 + 20 + 7 + 4 + 20 + 1 + 5
    for wide, big, first in itertools.product((True, False), (False, True), (0, 30)):
        p = picture(6, 9, 0, 130)
        ds = image([p], "PALETTE COLOR", 8)
        segments, count = (segments16, count16) if wide else (segments8, count8)
        set_palette(ds, [segments] * 3, first, 16 if wide else 8, False, not wide, big, count)
        add(f"palette-segmented-{wide}-{big}-{first}", ds, [p], BIG if big else EXPLICIT)


def packed_family():
    for rows, columns, frames, syntax in itertools.product((1, 5, 8), (1, 7, 8, 13), (1, 2, 5), (EXPLICIT, BIG, DEFLATED, DEFLATED_FRAME)):
        pictures = [picture(rows, columns, 0, 1) if rows * columns > 1 else np.array([[i % 2]]) for i in range(frames)]
        add(f"packed-{rows}-{columns}-{frames}-{syntax[17:].strip('.')}", image(pictures, "MONOCHROME2", 1), pictures, syntax)


def functional_family():
    """Groups shared, per frame, and missing for some frames. PS3.3 C.7.6.16."""

    def transformation(slope, intercept):
        inner = Dataset()
        inner.RescaleSlope, inner.RescaleIntercept, inner.RescaleType = slope, intercept, "US"
        return Sequence([inner])

    def voi(center=None, width=None, table=None, function=None):
        inner = Dataset()
        if center is not None:
            inner.WindowCenter, inner.WindowWidth = center, width
        if table is not None:
            inner.VOILUTSequence = Sequence([table])
        if function:
            inner.VOILUTFunction = function
        return Sequence([inner])

    for index in range(48):
        signed, syntax = index % 2 == 1, NATIVE[index % 4]
        frames = [picture(5, 7, -1000 if signed else 0, 1000) for _ in range(4)]
        ds = image(frames, "MONOCHROME1" if index % 5 == 0 else "MONOCHROME2", 16, 12, None, signed)
        ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4.1"
        shared, own = Dataset(), [Dataset() for _ in frames]
        where = index % 3
        if where == 0:
            shared.PixelValueTransformationSequence = transformation("0.25", "-7")
        elif where == 1:
            for i, item in enumerate(own):
                item.PixelValueTransformationSequence = transformation(str([1, -2, 0.1, 3][i]), str(i * 10))
        else:
            own[2].PixelValueTransformationSequence = transformation("5", "-300")
        kind = (index // 3) % 4
        if kind == 0:
            shared.FrameVOILUTSequence = voi("50", "300")
        elif kind == 1:
            for i, item in enumerate(own):
                item.FrameVOILUTSequence = voi(str(i * 100), str(100 + i * 50), function=["LINEAR", "SIGMOID", "LINEAR_EXACT", "LINEAR"][i])
        elif kind == 2:
            for i, item in enumerate(own[:3]):
                item.FrameVOILUTSequence = voi(table=table_item(i * 50, random.integers(0, 4096, size=300), 12, signed or where != 2, False, syntax == BIG))
            own[0].FrameVOILUTSequence[0].is_little_endian = syntax != BIG
        if index % 7 == 0:
            ds.PixelPaddingValue = 500
            frames[1][2, 2:5] = 500
        ds.SharedFunctionalGroupsSequence = Sequence([shared])
        ds.PerFrameFunctionalGroupsSequence = Sequence(own[: 4 if index % 11 else 3])
        # An implicit first value takes its sign from the stored values and their rescale, frame by frame.
        if kind == 2 and syntax == IMPLICIT:
            syntax = EXPLICIT
        if index % 4 == 2 and syntax == BIG and kind == 2:
            ds.is_little_endian = False
        add(f"functional-{index}", ds, frames, syntax)


def run_tool(*command):
    return subprocess.run(command, capture_output=True).returncode == 0


def rewrap(source, target, streams, form, frames):
    """The same frames in other fragments and with another offset table. PS3.5 A.4, PS3.3 C.7.6.3.1.8."""
    ds = pydicom.dcmread(source)
    items, starts, position = [], [], 0
    for stream in streams:
        starts.append(position)
        stream += b"\0" * (len(stream) % 2)
        parts = [stream]
        if form.startswith("several"):
            step = max(2, len(stream) // 3 // 2 * 2)
            parts = [stream[i : i + step] for i in range(0, len(stream), step)]
        for part in parts:
            items.append(part)
            position += 8 + len(part)
    table = b"" if "empty" in form or "extended" in form else struct.pack(f"<{len(starts)}I", *starts)
    out = struct.pack("<HHI", 0xFFFE, 0xE000, len(table)) + table
    for part in items:
        out += struct.pack("<HHI", 0xFFFE, 0xE000, len(part)) + part
    if "extended" in form:
        ds.ExtendedOffsetTable = struct.pack(f"<{len(starts)}Q", *starts)
        ds.ExtendedOffsetTableLengths = struct.pack(f"<{len(starts)}Q", *[len(s) for s in streams])
    ds.PixelData = out
    ds["PixelData"].is_undefined_length = True
    ds.save_as(target)


LOSSLESS = {
    "gdcm-rle": ("gdcmconv", "--rle"),
    "gdcm-jpll": ("gdcmconv", "--jpeg"),
    "gdcm-jls": ("gdcmconv", "--jpegls"),
    "gdcm-j2k": ("gdcmconv", "--j2k"),
    "dcmtk-rle": ("dcmcrle",),
    "dcmtk-jpll": ("dcmcjpeg", "+e1"),
    "dcmtk-jpll14": ("dcmcjpeg", "+el"),
    "dcmtk-jpll-pseudo": ("dcmcjpeg", "+e1", "-tl"),
    "dcmtk-jls": ("dcmcjpls", "+el"),
    "dcmtk-jls-line": ("dcmcjpls", "+el", "+il"),
    "dcmtk-jls-none": ("dcmcjpls", "+el", "+in"),
}


def transcode_family():
    forms = [("grey8", 8, 8, 7, False, 1, "MONOCHROME2", 0), ("grey8s", 8, 8, 7, True, 1, "MONOCHROME2", 0), ("grey6of8", 8, 6, 5, False, 1, "MONOCHROME1", 0)]
    forms += [(f"grey{s}{'s' if g else ''}", 16, s, s - 1, g, 1, "MONOCHROME2", 0) for s in (9, 10, 12, 13, 14, 15, 16) for g in (False, True)]
    forms += [("grey8of16", 16, 8, 7, False, 1, "MONOCHROME2", 0), ("grey8of16s", 16, 8, 7, True, 1, "MONOCHROME2", 0)]
    forms += [("high12", 16, 12, 15, False, 1, "MONOCHROME2", 0), ("high12s", 16, 12, 15, True, 1, "MONOCHROME2", 0)]
    forms += [(f"junk12{'s' if g else ''}", 16, 12, 11, g, 1, "MONOCHROME2", 0) for g in (False, True)]
    forms += [("rgb0", 8, 8, 7, False, 3, "RGB", 0), ("rgb1", 8, 8, 7, False, 3, "RGB", 1), ("ybr", 8, 8, 7, False, 3, "YBR_FULL", 0), ("rgb16", 16, 16, 15, False, 3, "RGB", 0)]
    forms += [("palette8", 8, 8, 7, False, 1, "PALETTE COLOR", 0), ("palette16", 16, 16, 15, False, 1, "PALETTE COLOR", 0)]
    for name, allocated, stored, high, signed, samples, photometric, planar in forms:
        lowest, highest = (-(2 ** (stored - 1)), 2 ** (stored - 1) - 1) if signed else (0, 2**stored - 1)
        frames = [picture(17, 23, lowest, highest, samples) for _ in range(2)]
        ds = image(frames, photometric, allocated, stored, high, signed, planar)
        if photometric == "PALETTE COLOR":
            set_palette(ds, [random.integers(0, 65536, size=256) for _ in range(3)], 0, 16, False, False, False)
        elif samples == 1:
            ds.RescaleSlope, ds.RescaleIntercept = "2", "-5"
        source = add(f"transcode-{name}-native", ds, frames, EXPLICIT, name.startswith("junk"))
        for way, command in LOSSLESS.items():
            target = os.path.join(folder, f"transcode-{name}-{way}.dcm")
            # gdcmconv moves a high bit in the header and not in the words; dcmcjpeg mixes up planes. Their other decoders agree.
            if (name.startswith("high") and way.startswith("gdcm")) or (planar and way.startswith("dcmtk-jpll")):
                continue
            # JPEG-LS with a palette, and a few more, are refused by the tools themselves.
            if not run_tool(*command, source, target) or not os.path.exists(target):
                continue
            made = pydicom.dcmread(target)
            if not made.file_meta.TransferSyntaxUID.is_compressed:
                continue
            # "Pseudo lossless" works on scaled values: those are not the file's.
            exact = way != "dcmtk-jpll-pseudo" or (int(made.BitsStored) == stored and "pseudo" not in str(made.get("DerivationDescription", "")).lower())
            expect(f"transcode-{name}-{way}", ds, frames, stored=exact, modality=exact, stage_display=exact, origin=way)
            if way in ("gdcm-rle", "gdcm-jpll", "gdcm-jls", "gdcm-j2k") and name in ("grey12", "rgb0", "grey16s"):
                from pydicom.encaps import generate_pixel_data_frame

                streams = list(generate_pixel_data_frame(made.PixelData, 2))
                for form in ("one-basic", "one-empty", "one-extended", "several-basic", "several-empty", "several-extended"):
                    if "rle" in way and form == "several-empty":
                        continue
                    rewrap(target, os.path.join(folder, f"fragments-{name}-{way}-{form}.dcm"), streams, form, 2)
                    expect(f"fragments-{name}-{way}-{form}", ds, frames, origin=way)
        codestreams(name, ds, frames)


def codestreams(name, ds, frames):
    """JPEG 2000 and HTJ2K by OpenJPEG's and OpenJPH's own encoders, under several headers."""
    if ds.PhotometricInterpretation not in ("MONOCHROME2", "RGB") or ds.HighBit != ds.BitsStored - 1 or name.startswith("junk"):
        return
    samples, stored, signed = int(ds.SamplesPerPixel), int(ds.BitsStored), bool(ds.PixelRepresentation)
    rows, columns = int(ds.Rows), int(ds.Columns)
    encoders = {"opj": ("j2k", "1.2.840.10008.1.2.4.90"), "opj-nomct": ("j2k", "1.2.840.10008.1.2.4.90"), "opj-tiles": ("j2k", "1.2.840.10008.1.2.4.90"), "ojph": ("j2c", "1.2.840.10008.1.2.4.201"), "ojph-rpcl": ("j2c", "1.2.840.10008.1.2.4.202")}
    for way, (extension, syntax) in encoders.items():
        if samples == 1 and way == "opj-nomct":
            continue
        streams = []
        for frame in frames:
            values = frame if not signed else frame
            out = os.path.join(folder, "frame." + extension)
            if way.startswith("opj"):
                raw = os.path.join(folder, "frame.rawl")
                planes = np.moveaxis(values, -1, 0) if samples == 3 else values
                planes.astype("<i8").astype(("<i" if signed else "<u") + ("1" if stored <= 8 else "2")).tofile(raw)
                options = ["-F", f"{columns},{rows},{samples},{stored},{'s' if signed else 'u'}", "-r", "1", "-n", "3"]
                if samples == 3:
                    options += ["-mct", "0" if way == "opj-nomct" else "1"]
                if way == "opj-tiles":
                    options += ["-t", "8,8"]
                done = run_tool("opj_compress", "-i", raw, "-o", out, *options)
            else:
                # The tool reads no signed pictures, and whole bytes alone from a PGM file.
                if signed or stored not in (8, 16, 12, 10):
                    done = False
                else:
                    source = os.path.join(folder, "frame.ppm" if samples == 3 else "frame.pgm")
                    with open(source, "wb") as file:
                        file.write(f"P{6 if samples == 3 else 5}\n{columns} {rows}\n{2**stored - 1}\n".encode())
                        file.write(values.astype("u1" if stored == 8 else ">u2").tobytes())
                    options = ["-reversible", "true"] + (["-colour_trans", "true"] if samples == 3 else [])
                    if way == "ojph-rpcl":
                        options += ["-prog_order", "RPCL", "-tlm_marker", "true", "-tileparts", "R"]
                    done = run_tool("ojph_compress", "-i", source, "-o", out, *options)
            if not done:
                break
            with open(out, "rb") as file:
                streams.append(file.read())
        if len(streams) < len(frames):
            continue
        headers = [ds.PhotometricInterpretation] if samples == 1 else ["RGB", "YBR_RCT"]
        for header in headers:
            made = copy.deepcopy(ds)
            made.PhotometricInterpretation = header
            if samples == 3:
                made.PlanarConfiguration = 0
            made.PixelData = encapsulate(streams, has_bot=False)
            made["PixelData"].is_undefined_length = True
            made["PixelData"].VR = "OB"
            write(f"codestream-{name}-{way}-{header}", made, syntax)
            expect(f"codestream-{name}-{way}-{header}", ds, frames, origin=way)


for family in (bits_family, modality_family, voi_family, voi_lut_family, padding_family, float_family, colour_family, palette_family, packed_family, functional_family, transcode_family):
    family()
with open(os.path.join(folder, "cases.json"), "w") as file:
    json.dump(cases, file)
