"""Three small nets, built of 3x3 convolutions, batch norm, ReLU, addition, concatenation and nearest upsampling alone."""

import torch
from torch import nn
from torch.nn import functional as F


def conv(inputs, outputs, size=3, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = conv(inputs, outputs, 3, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        nn.init.zeros_(self.second[1].weight)
        plain = inputs == outputs and stride == 1
        self.skip = (
            nn.Identity()
            if plain
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.skip(x))


class LocalEvidence(nn.Module):
    """A classifier whose logit is exactly the mean of its map of local logits.

    [1, 1, 176, 176] gives a map of 22 x 22: an eighth of the input's grid. Context comes
    from a level at a sixteenth, brought back by doubling.
    """

    def __init__(self, labels=3, widths=(24, 48, 96, 160), dropout=0.2):
        super().__init__()
        a, b, c, d = widths
        self.stem = conv(1, a, 3, 2)
        self.quarter = nn.Sequential(Residual(a, b, 2), Residual(b, b))
        self.eighth = nn.Sequential(Residual(b, c, 2), Residual(c, c))
        self.sixteenth = nn.Sequential(Residual(c, d, 2), Residual(d, d))
        self.down = conv(d, c, 1)
        self.join = conv(c, c)
        self.dropout = nn.Dropout2d(dropout)
        self.local = nn.Conv2d(c, labels, 1)

    def forward(self, x):
        fine = self.eighth(self.quarter(self.stem(x)))
        coarse = self.down(self.sixteenth(fine))
        joined = self.join(fine + F.interpolate(coarse, scale_factor=2, mode='nearest'))
        return self.local(self.dropout(joined))


class Outline(nn.Module):
    """A residual U-Net with a thin full-size level; one logit a pixel."""

    def __init__(self, channels=1, widths=(16, 32, 64, 96, 128), dropout=0.1):
        super().__init__()
        a, b, c, d, e = widths
        self.down_full = conv(channels, a)
        self.down_half = Residual(a, b, 2)
        self.down_quarter = Residual(b, c, 2)
        self.eighth = nn.Sequential(Residual(c, d, 2), Residual(d, d))
        self.sixteenth = nn.Sequential(Residual(d, e, 2), Residual(e, e), nn.Dropout2d(dropout))
        self.up_eighth = Residual(d + e, d)
        self.up_quarter = Residual(c + d, c)
        self.up_half = Residual(b + c, b)
        self.up_full = conv(a + b, a)
        self.coarse = nn.Conv2d(c, 1, 1)
        self.local = nn.Conv2d(a, 1, 1)

    def forward(self, x, with_coarse=False):
        full = self.down_full(x)
        half = self.down_half(full)
        quarter = self.down_quarter(half)
        eighth = self.eighth(quarter)
        y = self.sixteenth(eighth)
        y = self.up_eighth(torch.cat([eighth, F.interpolate(y, scale_factor=2, mode='nearest')], 1))
        y = self.up_quarter(torch.cat([quarter, F.interpolate(y, scale_factor=2, mode='nearest')], 1))
        coarse = self.coarse(y) if with_coarse else None
        y = self.up_half(torch.cat([half, F.interpolate(y, scale_factor=2, mode='nearest')], 1))
        y = self.up_full(torch.cat([full, F.interpolate(y, scale_factor=2, mode='nearest')], 1))
        return (self.local(y), coarse) if with_coarse else self.local(y)


class Check(nn.Module):
    """A classifier of whole pictures for what is told at a glance; logits [1, labels]."""

    def __init__(self, channels=1, labels=2, widths=(16, 32, 64, 96), dropout=0.1):
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(
            conv(channels, a, 3, 2), Residual(a, b, 2), Residual(b, c, 2), Residual(c, d, 2), Residual(d, d), nn.Dropout2d(dropout)
        )
        self.local = nn.Conv2d(d, labels, 1)

    def forward(self, x):
        return self.local(self.features(x)).mean((2, 3))


def parameters(net):
    return sum(p.numel() for p in net.parameters())
