"""Answers the conformance run, a JSON object a line: what other decoders hold in a file, and what it shows by standard.py.

{"op": "stored", path, raw, type, frames} compares the samples in the file `raw` with those of every tool that decodes `path`.
{"op": "display", path, raw, type, frames} writes the display values of these samples to `raw`.display, by its own reading of the header.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from pydicom.encaps import generate_pixel_data_fragment
from pydicom.filebase import DicomBytesIO

import standard

warnings.simplefilter("ignore")
types = {"uint8": "u1", "int8": "i1", "uint16": "<u2", "int16": "<i2", "uint32": "<u4", "int32": "<i4", "float32": "<f4", "float64": "<f8"}
lossy = {"1.2.840.10008.1.2.4." + suffix for suffix in ("50", "51", "53", "55", "81", "91", "203")}
htj2k = {"1.2.840.10008.1.2.4." + suffix for suffix in ("201", "202", "203")}


def read(path):
    ds = pydicom.dcmread(path, force=True)
    if "PixelData" not in ds and "FloatPixelData" not in ds and "DoubleFloatPixelData" not in ds:
        raise ValueError("no pixel data")
    return ds


def compressed(ds):
    return "PixelData" in ds and bool(ds["PixelData"].is_undefined_length)


def frame_count(ds):
    return max(1, int(standard.value(ds, 0x00280008) or 1))


def samples_per_pixel(ds):
    return int(standard.value(ds, 0x00280002) or 1)


def cut(words, ds):
    """The stored bits, with their sign. PS3.5 8.1.1."""
    allocated, stored = int(ds.BitsAllocated), int(standard.value(ds, 0x00280101) or ds.BitsAllocated)
    high = standard.value(ds, 0x00280102)
    shift = max(0, (stored - 1 if high is None else int(high)) + 1 - stored)
    if shift + stored > allocated:
        shift = 0
    x = (words.astype(np.int64) >> shift) & (2**stored - 1)
    return np.where(x >= 2 ** (stored - 1), x - 2**stored, x) if int(ds.PixelRepresentation or 0) == 1 else x


def whole(words, ds):
    """Whole words with their sign: a lossy decoder may give a value just above the stored bits, which must not wrap to 0."""
    return cut(words, ds) if int(ds.PixelRepresentation or 0) == 1 else words


def unpack(ds, place=cut):
    """Native pixels as frames x rows x columns (x 3)."""
    rows, columns, samples, frames = int(ds.Rows), int(ds.Columns), samples_per_pixel(ds), frame_count(ds)
    shape = (rows, columns) if samples == 1 else (rows, columns, samples)
    order = "<" if standard.little_endian(ds) else ">"
    for keyword, kind in (("FloatPixelData", "f4"), ("DoubleFloatPixelData", "f8")):
        if keyword in ds:
            return np.frombuffer(ds[keyword].value, order + kind)[: frames * rows * columns].reshape(frames, rows, columns).astype(float)
    raw, allocated = ds.PixelData, int(ds.BitsAllocated)
    photometric = str(ds.PhotometricInterpretation)
    if allocated <= 8 and order == ">" and ds["PixelData"].VR != "OB":
        raw = np.frombuffer(raw[: len(raw) // 2 * 2], np.uint8).reshape(-1, 2)[:, ::-1].tobytes()
    if allocated == 1:
        bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
        return bits[: frames * rows * columns].reshape(frames, *shape)
    words = np.frombuffer(raw[: len(raw) // (allocated // 8) * (allocated // 8)], f"{order}u{allocated // 8}")
    if photometric.endswith("422") and samples == 3:
        pairs = words[: frames * rows * columns * 2].reshape(-1, 4)
        spread = np.stack([pairs[:, 0], pairs[:, 2], pairs[:, 3], pairs[:, 1], pairs[:, 2], pairs[:, 3]], axis=-1)
        return spread.reshape(frames, *shape)
    words = words[: frames * rows * columns * samples]
    if samples == 3 and int(standard.value(ds, 0x00280006) or 0) == 1:
        words = np.moveaxis(words.reshape(frames, samples, rows, columns), 1, -1)
    return place(words.reshape(frames, *shape), ds)


def by_tool(path, command, suffix=()):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.dcm")
        done = subprocess.run([*command, path, out, *suffix], capture_output=True)
        if done.returncode != 0 or not os.path.exists(out):
            raise ValueError(f"{command[0]} cannot decode it")
        made = read(out)
        if compressed(made):
            raise ValueError(f"{command[0]} leaves it compressed")
        exact = str(read(path).file_meta.TransferSyntaxUID) not in lossy
        return unpack(made, cut if exact else whole), str(made.PhotometricInterpretation)


def by_pydicom(path):
    ds = read(path)
    if not compressed(ds):
        return unpack(ds), str(ds.PhotometricInterpretation)
    array = ds.pixel_array
    if frame_count(ds) == 1:
        array = array[np.newaxis]
    exact = str(ds.file_meta.TransferSyntaxUID) not in lossy
    return cut(array, ds) if exact and int(ds.BitsAllocated) > 1 else array, str(ds.PhotometricInterpretation)


def by_openjph(path):
    ds = read(path)
    frames = []
    with tempfile.TemporaryDirectory() as folder:
        for stream in pydicom.encaps.generate_pixel_data_frame(ds.PixelData, frame_count(ds)):
            source, target = os.path.join(folder, "f.j2c"), os.path.join(folder, "f.ppm" if samples_per_pixel(ds) == 3 else "f.pgm")
            if stream[42] & 0x80:
                raise ValueError("a PGM file holds no sign")
            with open(source, "wb") as file:
                file.write(stream)
            if subprocess.run(["ojph_expand", "-i", source, "-o", target], capture_output=True).returncode != 0:
                raise ValueError("ojph_expand cannot decode it")
            with open(target, "rb") as file:
                content = file.read()
            _, _, highest, body = content.split(maxsplit=4)[0], None, content.split(maxsplit=4)[3], None
            body = content[content.index(highest, 3) + len(highest) + 1 :]
            words = np.frombuffer(body, ">u2" if int(highest) > 255 else "u1")
            frames.append(words.reshape(int(ds.Rows), int(ds.Columns), -1).squeeze(axis=-1) if samples_per_pixel(ds) == 1 else words.reshape(int(ds.Rows), int(ds.Columns), 3))
    return cut(np.stack(frames), ds), "RGB" if samples_per_pixel(ds) == 3 else str(ds.PhotometricInterpretation)


def tools_for(path):
    ds = read(path)
    syntax = str(getattr(ds.file_meta, "TransferSyntaxUID", ""))
    tools = {"pydicom": lambda: by_pydicom(path)}
    if syntax in htj2k:
        return {"OpenJPH": lambda: by_openjph(path)} if shutil.which("ojph_expand") else {}
    if shutil.which("gdcmconv"):
        tools["GDCM"] = lambda: by_tool(path, ["gdcmconv", "--raw"])
    for prefix, tool in (("1.2.840.10008.1.2.4.5", "dcmdjpeg"), ("1.2.840.10008.1.2.4.7", "dcmdjpeg"), ("1.2.840.10008.1.2.4.8", "dcmdjpls"), ("1.2.840.10008.1.2.5", "dcmdrle")):
        if syntax.startswith(prefix) and shutil.which(tool):
            tools["DCMTK"] = lambda: by_tool(path, [tool, *(["+cn"] if tool == "dcmdjpeg" else [])])
            break
    return tools


def ours(request, ds):
    samples = samples_per_pixel(ds)
    shape = (int(ds.Rows), int(ds.Columns)) + ((3,) if samples == 3 else ())
    return np.fromfile(request["raw"], types[request["type"]]).reshape(request["frames"], *shape)


def compare_stored(request):
    ds = read(request["path"])
    own = ours(request, ds)
    form = colour_form(ds)
    answer = {}
    for name, decode in tools_for(request["path"]).items():
        try:
            theirs, photometric = decode()
            worst = np.inf if theirs.shape != own.shape else np.abs(theirs.astype(float) - own.astype(float))
            worst = float(np.nanmax(worst))
            if worst > 1 and samples_per_pixel(ds) == 3 and photometric == "RGB" and form != "RGB":
                # Some turn the colours themselves: then both are compared as colours.
                shown = np.stack([standard.rgb(ds, frame, form, False) for frame in own])
                worst = float(np.abs(shown - theirs.astype(float)).max())
            answer[name] = {"worst": worst if np.isfinite(worst) else -1}
        except Exception as error:
            answer[name] = {"error": str(error)[:120] or type(error).__name__}
    return {"tools": answer, "lossy": str(getattr(ds.file_meta, "TransferSyntaxUID", "")) in lossy}


def colour_form(ds):
    """The form of three samples as decoders leave them: by the markers of JPEG, the transform of JPEG 2000, else the header."""
    stated = str(standard.value(ds, 0x00280004) or "").strip().upper().replace(" ", "_").replace("PALETTE_COLOR", "PALETTE COLOR")
    plain = {"YBR_FULL_422": "YBR_FULL", "YBR_RCT": "RGB", "YBR_ICT": "RGB"}.get(stated, stated)
    if samples_per_pixel(ds) != 3 or not compressed(ds):
        return plain
    # The first item is the offset table.
    stream = DicomBytesIO(ds.PixelData)
    stream.is_little_endian = True
    fragments = generate_pixel_data_fragment(stream)
    head = next(fragments)
    while head[:2] not in (b"\xff\xd8", b"\xff\x4f") and head is not None:
        head = next(fragments, None)
        if head is None:
            return plain
    if head[:2] == b"\xff\x4f":
        cod = head.index(b"\xff\x52")
        return "RGB" if head[cod + 8] == 1 else plain
    at, jfif, adobe = 2, False, None
    while at + 4 < len(head):
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if marker == 0xE0 and head[at + 4 : at + 8] == b"JFIF":
            jfif = True
        elif marker == 0xEE and length >= 14 and head[at + 4 : at + 9] == b"Adobe":
            adobe = head[at + 15]
        elif marker == 0xF7:
            return plain
        elif 0xC0 <= marker <= 0xC3:
            parts = [head[at + 10 + 3 * i : at + 13 + 3 * i] for i in range(3)]
            if parts[0][1] != parts[1][1]:
                return "YBR_FULL"
            letters = bytes(part[0] for part in parts) == b"RGB"
        elif marker == 0xDA:
            break
        at += 2 + length
    if adobe is not None:
        return "RGB" if adobe == 0 else "YBR_FULL"
    return "RGB" if letters else "YBR_FULL" if jfif else plain


def show(request):
    ds = read(request["path"])
    own = ours(request, ds)
    if "BitsStored" not in ds:
        ds.BitsStored = ds.get("BitsAllocated", 32)
    if "BitsAllocated" not in ds:
        ds.BitsAllocated = ds.BitsStored
    form = colour_form(ds)
    signed = request["type"].startswith(("int", "float"))
    with open(request["raw"] + ".display", "wb") as file:
        for index, frame in enumerate(own):
            file.write(standard.display_values(ds, frame, form, index, signed).tobytes())
    return {}


for line in sys.stdin:
    try:
        request = json.loads(line)
        print(json.dumps((compare_stored if request["op"] == "stored" else show)(request)))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:200]}))
    sys.stdout.flush()
