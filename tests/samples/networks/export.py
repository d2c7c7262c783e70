"""Networks as a stranger would export them: names of their own, three channels, an open batch. Seeded; written beside this file.

/usr/bin/python3 tests/samples/networks/export.py (PyTorch 1.13 made what is committed). Each has an input and what PyTorch itself
says of it, so that whatever wraps and runs the ONNX file is compared with the framework it came from.
"""
from pathlib import Path

import numpy
import torch
from torch import nn

here = Path(__file__).parent


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2, padding=1, groups=2), nn.SiLU(), nn.MaxPool2d(2),
        )
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


class Segmenter(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU())
        self.up = nn.Sequential(nn.ConvTranspose2d(8, 8, 2, stride=2), nn.ReLU(), nn.Conv2d(8, 1, 1))

    def forward(self, x):
        return self.up(self.down(x))


class Volume(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv3d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv3d(4, 2, 1))

    def forward(self, x):
        return self.body(x)


def export(name, net, shape, axes):
    net.eval()
    tensor = torch.rand(shape)
    with torch.no_grad():
        answer = net(tensor)
    torch.onnx.export(net, tensor, str(here / f"{name}.onnx"), input_names=["x.1"], output_names=["pred/0"], dynamic_axes=axes, opset_version=13)
    numpy.save(here / f"{name}-input.npy", tensor.numpy())
    numpy.save(here / f"{name}-output.npy", answer.numpy())


torch.manual_seed(20261125)
export("torch-classifier", Classifier(), (1, 3, 48, 40), {"x.1": {0: "n", 2: "h", 3: "w"}, "pred/0": {0: "n"}})
export("torch-segmenter", Segmenter(), (1, 1, 32, 32), {})
export("torch-volume", Volume(), (1, 1, 8, 12, 16), {})
