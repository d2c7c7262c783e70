"""Runs an exported graph in the runtime that Overread ships, through Node: several times faster than torch, and the very numbers a user gets."""

import struct
import subprocess
from pathlib import Path

import numpy as np
import onnx

SERVER = Path(__file__).with_name('onnx_server.mjs')


class RuntimeGraph:
    def __init__(self, path, threads=1):
        graph = onnx.load(str(path), load_external_data=False).graph
        self.outputs = [o.name for o in graph.output]
        self.server = subprocess.Popen(['node', str(SERVER), str(path), str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, tensor):
        """Outputs by name, as arrays."""
        values = np.ascontiguousarray(tensor, '<f4').tobytes()
        self.server.stdin.write(struct.pack('<I', len(values)) + values)
        self.server.stdin.flush()
        return {name: self.read() for name in self.outputs}

    def read(self):
        length, rank = struct.unpack('<II', self.server.stdout.read(8))
        shape = struct.unpack(f'<{rank}I', self.server.stdout.read(4 * rank))
        return np.frombuffer(self.server.stdout.read(length), '<f4').reshape(shape)
