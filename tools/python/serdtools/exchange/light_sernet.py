"""Light-SERNet in PyTorch, from the architecture that a model file describes; and the architectures of sertrain."""

import torch
from torch import nn


class Block(nn.Module):
    """Convolution, batch norm, activation, [the network's input added], average pool over valid cells."""

    def __init__(self, block, inputs, prelu, epsilon, adds_input):
        super().__init__()
        kernel = (block["kernel"]["height"], block["kernel"]["width"])
        channels = block["channels"]
        self.conv = nn.Conv2d(inputs, channels, kernel, padding="same", bias=block["hasBias"])
        self.bn = nn.BatchNorm2d(channels, eps=epsilon)
        self.act = nn.PReLU(channels) if prelu else nn.ReLU()
        self.pool = nn.Identity()
        if pool := block.get("pool"):
            self.pool = nn.AvgPool2d((pool["height"], pool["width"]), ceil_mode=True, count_include_pad=False)
        self.adds_input = adds_input

    def forward(self, x):
        y = self.act(self.bn(self.conv(x)))
        return self.pool(y + x if self.adds_input else y)


class LightSERNet(nn.Module):
    """Parallel paths, concatenated; body blocks; global average pool; dense layer."""

    def __init__(self, architecture, classes, dropout=0.0):
        super().__init__()
        prelu = architecture["activation"] == "prelu"
        epsilon = architecture["batchNormEpsilon"]
        self.counts = (len(architecture["paths"]), len(architecture["body"]))
        channels = 0
        for index, block in enumerate(architecture["paths"]):
            setattr(self, f"path{index + 1}", Block(block, 1, prelu, epsilon, architecture["hasPathResidual"]))
            channels += block["channels"]
        for index, block in enumerate(architecture["body"]):
            setattr(self, f"body{index + 1}", Block(block, channels, prelu, epsilon, False))
            channels = block["channels"]
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        x = torch.cat([getattr(self, f"path{i + 1}")(x) for i in range(self.counts[0])], dim=1)
        for i in range(self.counts[1]):
            x = getattr(self, f"body{i + 1}")(x)
        return self.head(self.dropout(x.mean(dim=(2, 3))))


# Channels of a path, and of the body's blocks. Written down apart from sertrain's own, which they are held against.
VARIANTS = {
    "paper": (32, [64, 96, 128, 160, 320]),
    "report": (32, [64, 96, 128, 160, 320]),
    "wide": (48, [96, 144, 192, 240, 480]),
}


def architecture(variant):
    """As in a model file."""
    path_channels, body_channels = VARIANTS[variant]
    pools = [(2, 2), (2, 2), (2, 1), (2, 1), None]
    body = zip(body_channels, pools, strict=True)
    return {
        "activation": "relu" if variant == "paper" else "prelu",
        "hasPathResidual": variant != "paper",
        "batchNormEpsilon": 1e-5,
        "paths": [_block(kernel, path_channels, (2, 2), True) for kernel in [(11, 1), (1, 9), (3, 3)]],
        "body": [_block((3, 3) if pool else (1, 1), channels, pool, False) for channels, pool in body],
    }


def _block(kernel, channels, pool, has_bias):
    def size(pair):
        return {"height": pair[0], "width": pair[1]}

    return {"kernel": size(kernel), "channels": channels, "pool": size(pool) if pool else None, "hasBias": has_bias}
