"""Header facts by pydicom, one JSON object a line, for the paths on standard input. An oracle for the conformance run; nothing of it ships."""
import json
import sys
import warnings

import pydicom
from pydicom.multival import MultiValue

warnings.simplefilter("ignore")


def text(ds, tag):
    element = ds.get(tag)
    if element is None or element.value is None:
        return ""
    value = element.value
    if isinstance(value, MultiValue):
        return "\\".join(str(v) for v in value)
    return str(value)


def numbers(ds, tag):
    element = ds.get(tag)
    if element is None or element.value is None or element.value == "":
        return []
    value = element.value
    return [float(v) for v in (value if isinstance(value, (MultiValue, list)) else [value])]


def group(ds, frame, sequence):
    per_frame = ds.get((0x5200, 0x9230))
    if per_frame and len(per_frame.value) > frame and per_frame.value[frame].get(sequence) and len(per_frame.value[frame][sequence].value):
        return per_frame.value[frame][sequence].value[0]
    shared = ds.get((0x5200, 0x9229))
    if shared and len(shared.value) and shared.value[0].get(sequence) and len(shared.value[0][sequence].value):
        return shared.value[0][sequence].value[0]
    return None


def geometry(ds, frame):
    plane = group(ds, frame, (0x0020, 0x9113)) or ds
    orientation = group(ds, frame, (0x0020, 0x9116)) or ds
    measures = group(ds, frame, (0x0028, 0x9110)) or ds
    return {
        "position": numbers(plane, (0x0020, 0x0032)),
        "orientation": numbers(orientation, (0x0020, 0x0037)),
        "pixelSpacing": numbers(measures, (0x0028, 0x0030)),
        "sliceThickness": numbers(measures, (0x0018, 0x0050)),
    }


TEXTS = {
    "sopInstanceUid": 0x00080018, "sopClassUid": 0x00080016, "seriesInstanceUid": 0x0020000E, "studyInstanceUid": 0x0020000D,
    "patientId": 0x00100020, "issuer": 0x00100021, "patientName": 0x00100010, "birthDate": 0x00100030, "sex": 0x00100040,
    "studyDate": 0x00080020, "studyTime": 0x00080030, "studyDescription": 0x00081030, "accessionNumber": 0x00080050, "studyId": 0x00200010,
    "seriesNumber": 0x00200011, "modality": 0x00080060, "seriesDescription": 0x0008103E, "protocolName": 0x00181030,
    "frameOfReferenceUid": 0x00200052, "seriesDate": 0x00080021, "instanceNumber": 0x00200013, "acquisitionNumber": 0x00200012,
    "imageType": 0x00080008, "viewPosition": 0x00185101, "patientPosition": 0x00185100, "patientOrientation": 0x00200020,
    "presentationIntentType": 0x00080068, "photometricInterpretation": 0x00280004,
}  # fmt: skip
NUMBERS = {
    "rows": 0x00280010, "columns": 0x00280011, "numberOfFrames": 0x00280008, "samplesPerPixel": 0x00280002, "bitsAllocated": 0x00280100,
    "bitsStored": 0x00280101, "pixelRepresentation": 0x00280103, "windowCenter": 0x00281050, "windowWidth": 0x00281051,
    "rescaleSlope": 0x00281053, "rescaleIntercept": 0x00281052, "echoTime": 0x00180081, "repetitionTime": 0x00180080,
}  # fmt: skip

for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        facts = {key: text(ds, tag) for key, tag in TEXTS.items()}
        facts.update({key: numbers(ds, tag) for key, tag in NUMBERS.items()})
        frames = int(ds.get("NumberOfFrames") or 1)
        facts["geometry"] = [geometry(ds, frame) for frame in range(min(frames, 2000))] if "Rows" in ds else []
        print(json.dumps({"path": path, "facts": facts}))
    except Exception as error:  # an oracle may fail on what is damaged
        print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"[:200]}))
    sys.stdout.flush()
