"""Writes networks with random weights as PyTorch makes them, for tools/slow-tests/exchange.

    pytorch-network.py VARIANT WEIGHTS SAMPLE     a state dictionary, and inputs with PyTorch's logits
    pytorch-network.py --strict EXPORTED          loads what sertrain exported with strict=True

The class is that of tools/compare-with-pytorch; the architectures are written down here once more, from
ARCHITECTURE.md, "Network".
"""

import importlib.machinery
import importlib.util
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, safe_open, save_file

tool = str(pathlib.Path(__file__).parent.parent / "compare-with-pytorch")
loader = importlib.machinery.SourceFileLoader("compare", tool)
compare = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare", loader))
loader.exec_module(compare)


def block(height, width, channels, pool, bias):
    pooling = {"height": pool[0], "width": pool[1]} if pool else None
    return {"kernel": {"height": height, "width": width}, "channels": channels, "pool": pooling, "hasBias": bias}


def architecture(variant):
    paths, body = {"paper": (32, [64, 96, 128, 160, 320]), "report": (32, [64, 96, 128, 160, 320]), "wide": (48, [96, 144, 192, 240, 480])}[variant]
    pools = [(2, 2), (2, 2), (2, 1), (2, 1), None]
    return {
        "activation": "relu" if variant == "paper" else "prelu",
        "hasPathResidual": variant != "paper",
        "batchNormEpsilon": 1e-5,
        "paths": [block(height, width, paths, (2, 2), True) for height, width in [(11, 1), (1, 9), (3, 3)]],
        "body": [block(3 if pool else 1, 3 if pool else 1, channels, pool, False) for channels, pool in zip(body, pools)],
    }


def main():
    if sys.argv[1] == "--strict":
        with safe_open(sys.argv[2], framework="pt") as file:
            description = json.loads(file.metadata()["model"])
        network = compare.LightSERNet(description["architecture"], len(description["labels"]))
        print(network.load_state_dict(load_file(sys.argv[2]), strict=True))
        return
    torch.manual_seed(1)
    network = compare.LightSERNet(architecture(sys.argv[1]), 7)
    # Some batches in training mode, so that the running statistics are no longer 0 and 1.
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter += 0.2 * torch.randn_like(parameter)
        network.train()
        for _ in range(5):
            network(4 * torch.randn(4, 1, 122, 40).clamp(-2, 2))
        network.eval()
        inputs = 10 * (2 * torch.rand(4, 1, 122, 40) - 1)
        logits = network(inputs)
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, sys.argv[2])
    save_file({"input": inputs.contiguous(), "logits": logits.contiguous()}, sys.argv[3])


main()
