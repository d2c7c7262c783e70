"""A network in OpenCV's dnn module: opens it, compares it with the golden case, then answers each line with the ms of one run.

python3 opencv.py THREADS MODEL INPUT.npy [NAME OUTPUT.npy]...
"""
import json
import sys
import time

import cv2
import numpy

threads, model, picture, *golden = sys.argv[1:]
cv2.setNumThreads(int(threads))
names, outputs = golden[::2], [numpy.load(path) for path in golden[1::2]]
network = cv2.dnn.readNetFromONNX(model)
tensor = numpy.load(picture).astype(numpy.float32)


def run():
    network.setInput(tensor)
    start = time.perf_counter()
    found = network.forward(names)
    return found, (time.perf_counter() - start) * 1000


def tell(**answer):
    print(json.dumps(answer), flush=True)


found, _ = run()
worst = max(float(numpy.abs(one - other).max()) for one, other in zip(found, outputs))
tell(version=cv2.__version__, threads=cv2.getNumThreads(), worst=worst)
for _ in sys.stdin:
    tell(ms=run()[1])
