"""Networks with random weights as PyTorch makes them, for tools/slow-tests/exchange.

python3 -m serdtools.exchange.random_network VARIANT WEIGHTS SAMPLE     a state dictionary, and inputs with
                                                                        PyTorch's logits
python3 -m serdtools.exchange.random_network --strict EXPORTED          loads what sertrain exported, strict=True
"""

import json
import sys

import torch
from safetensors.torch import load_file, safe_open, save_file

from serdtools.exchange.light_sernet import LightSERNet, architecture


def load_strictly(path):
    with safe_open(path, framework="pt") as file:
        description = json.loads(file.metadata()["model"])
    network = LightSERNet(description["architecture"], len(description["labels"]))
    print(network.load_state_dict(load_file(path), strict=True))


def write(variant, weights, sample):
    torch.manual_seed(1)
    network = LightSERNet(architecture(variant), 7)
    # Some batches in training mode, so that the running statistics are no longer 0 and 1.
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter.add_(0.2 * torch.randn_like(parameter))
        network.train()
        for _ in range(5):
            network(4 * torch.randn(4, 1, 122, 40).clamp(-2, 2))
        network.eval()
        inputs = 10 * (2 * torch.rand(4, 1, 122, 40) - 1)
        logits = network(inputs)
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, weights)
    save_file({"input": inputs.contiguous(), "logits": logits.contiguous()}, sample)


if __name__ == "__main__":
    if sys.argv[1] == "--strict":
        load_strictly(sys.argv[2])
    else:
        write(*sys.argv[1:])
