"""Makes decoders.json: small objects in each transfer syntax, with the SHA-256 of their stored values.

The pictures are synthetic and seeded. DCMTK, GDCM and OpenJPH encode them; what is hashed are the values that went in,
after the tool's own decoder (for a lossy stream the only source) gave them back.
Needs pydicom, numpy and the tools dcmcrle, dcmcjpeg, dcmdjpeg, dcmcjpls, dcmdjpls, gdcmconv, ojph_compress, ojph_expand.
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

import numpy
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, UID

ROWS, COLUMNS = 24, 40
# Of the same length, and known to older releases of pydicom, which refuse to write the other.
STAND_IN = UID("1.2.840.10008.1.2.4.100")
HTJ2K_LOSSLESS = b"1.2.840.10008.1.2.4.201"


def picture(bits, signed=False, samples=1):
    """A slope with seeded noise that reaches both ends of the range."""
    random = numpy.random.default_rng(20240501 + bits + signed + samples)
    slope = numpy.linspace(0, 1, ROWS * COLUMNS * samples).reshape(ROWS, COLUMNS, samples)
    values = numpy.clip(slope + random.normal(0, 0.02, slope.shape), 0, 1)
    values[0, 0], values[-1, -1] = 0, 1
    low = -(2 ** (bits - 1)) if signed else 0
    dtype = "u1" if bits == 8 else "<i2" if signed else "<u2"
    whole = (numpy.rint(values * (2**bits - 1)) + low).astype(dtype)
    return whole if samples > 1 else whole[:, :, 0]


def write(path, values, bits):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"2.25.{bits}{values.ndim}{int(values.dtype.kind == 'i')}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = "2.25.1", "2.25.2", "OT"
    colour = values.ndim == 3
    ds.SamplesPerPixel = 3 if colour else 1
    ds.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        ds.PlanarConfiguration = 0
    ds.Rows, ds.Columns = values.shape[:2]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = (8 if bits == 8 else 16), bits, bits - 1
    ds.PixelRepresentation = int(values.dtype.kind == "i")
    ds.PixelData = values.tobytes()
    ds["PixelData"].VR = "OB" if bits == 8 else "OW"
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.save_as(path, write_like_original=False)


def tool(*arguments):
    subprocess.run([str(a) for a in arguments], check=True, capture_output=True)


def htj2k(plain, coded, folder):
    """OpenJPH knows no DICOM: its stream is put into the object here."""
    ds = pydicom.dcmread(plain)
    image, back = folder / "in.pgm", folder / "out.pgm"
    values = ds.pixel_array
    image.write_bytes(f"P5\n{COLUMNS} {ROWS}\n{2**ds.BitsStored - 1}\n".encode() + values.astype(">u2").tobytes())
    tool("ojph_compress", "-i", image, "-o", folder / "s.j2c", "-reversible", "true")
    tool("ojph_expand", "-i", folder / "s.j2c", "-o", back)
    assert back.read_bytes()[-values.size * 2 :] == values.astype(">u2").tobytes()
    ds.PixelData = encapsulate([(folder / "s.j2c").read_bytes()])
    ds["PixelData"].VR = "OB"
    ds.file_meta.TransferSyntaxUID = STAND_IN
    ds.save_as(coded)
    coded.write_bytes(coded.read_bytes().replace(STAND_IN.encode(), HTJ2K_LOSSLESS))


CASES = [
    ("RLE, 16 bit", dict(bits=16), ["dcmcrle"], ["dcmdrle"]),
    ("RLE, colour", dict(bits=8, samples=3), ["dcmcrle"], ["dcmdrle"]),
    ("JPEG baseline, 8 bit", dict(bits=8), ["dcmcjpeg", "+eb"], ["dcmdjpeg"]),
    ("JPEG lossless, 12 bit", dict(bits=12), ["dcmcjpeg", "+e1"], ["dcmdjpeg"]),
    ("JPEG lossless, 16 bit", dict(bits=16), ["dcmcjpeg", "+e1"], ["dcmdjpeg"]),
    ("JPEG-LS, 12 bit", dict(bits=12), ["dcmcjpls"], ["dcmdjpls"]),
    ("JPEG-LS, 16 bit signed", dict(bits=16, signed=True), ["dcmcjpls"], ["dcmdjpls"]),
    ("JPEG 2000, 8 bit", dict(bits=8), ["gdcmconv", "--j2k"], ["gdcmconv", "--raw"]),
    ("JPEG 2000, 16 bit signed", dict(bits=16, signed=True), ["gdcmconv", "--j2k"], ["gdcmconv", "--raw"]),
    ("High-throughput JPEG 2000, 12 bit", dict(bits=12), None, None),
]


def case(name, form, encode, decode, folder):
    plain, coded, back = folder / "plain.dcm", folder / "coded.dcm", folder / "back.dcm"
    values = picture(**form)
    write(plain, values, form["bits"])
    if encode is None:
        htj2k(plain, coded, folder)
    else:
        tool(*encode, plain, coded)
        tool(*decode, coded, back)
        given = numpy.frombuffer(pydicom.dcmread(back).PixelData, values.dtype)[: values.size].reshape(values.shape)
        if "baseline" in name:
            values = given
        elif pydicom.dcmread(back).get("PlanarConfiguration", 0) == 0:
            assert (given == values).all(), name
    return {
        "name": name,
        "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
        "object": base64.b64encode(coded.read_bytes()).decode(),
    }


with tempfile.TemporaryDirectory() as temporary:
    rows = [case(*row, pathlib.Path(temporary)) for row in CASES]
target = pathlib.Path(__file__).with_name("decoders.json")
target.write_text(json.dumps(rows, indent=2) + "\n")
