"""A network in OpenCV's dnn module: opens it, compares it with the golden case, then answers each line with the ms of one run.

python3 opencv.py THREADS MODEL INPUT.npy [NAME OUTPUT.npy]...
"""
import json
import sys
import time

import cv2
import numpy
import onnx
from onnx import numpy_helper


def as_float32(path):
    """The file with its half-precision weights, each cast before use, as the float32 they are cast to: OpenCV reads no others."""
    model = onnx.load(path)
    graph = model.graph
    halves = {each.name: each for each in graph.initializer if each.data_type == onnx.TensorProto.FLOAT16}
    for node in [each for each in graph.node if each.op_type == "Cast" and each.input[0] in halves]:
        values = numpy_helper.to_array(halves[node.input[0]]).astype(numpy.float32)
        graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
        graph.node.remove(node)
    for half in halves.values():
        graph.initializer.remove(half)
    return model.SerializeToString()


threads, model, picture, *golden = sys.argv[1:]
cv2.setNumThreads(int(threads))
names, outputs = golden[::2], [numpy.load(path) for path in golden[1::2]]
network = cv2.dnn.readNetFromONNX(numpy.frombuffer(as_float32(model), numpy.uint8))
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
