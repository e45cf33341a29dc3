"""Holds a float model of sertrain against PyTorch: same weights, same windows, same logits?

    pip install torch safetensors numpy
    sertrain logits float.safetensors --output logits.safetensors
    tools/compare-with-pytorch float.safetensors logits.safetensors

The network is built from the architecture in the model file's metadata, whatever its blocks, widths and activation.
Shows the largest difference of a logit, relative to the largest logit. Exit codes: 0 the two agree, 1 they differ by
more than the tolerance, 64 usage, 65 a file is not what it should be, 69 a Python package is missing.
"""

import json
import sys

import torch
from safetensors import safe_open

from serdtools.command import Parser, fail
from serdtools.exchange.light_sernet import LightSERNet


def read(path):
    """Tensors and metadata of a safetensors file."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except Exception as error:  # the package raises several kinds, and none of them needs a stack trace
        fail(f"cannot read {path}: {str(error).splitlines()[0]}")


def load(path):
    """The network of a float model file, with its weights, ready to be run."""
    tensors, metadata = read(path)
    if "quantisation" in metadata:
        fail(f"{path} is an int8 model; give the float model that it was made of")
    try:
        description = json.loads(metadata["model"])
        network = LightSERNet(description["architecture"], len(description["labels"]))
    except (KeyError, TypeError, ValueError) as error:
        fail(f"{path} is not a float model of sertrain ({type(error).__name__}: {error})")
    # sertrain has no use for PyTorch's counters of batches; only its exports have them.
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith("num_batches_tracked")}
    expected = {name for name in network.state_dict() if not name.endswith("num_batches_tracked")}
    if expected != set(tensors):
        fail(f"{path}: its tensors differ from its architecture's in {sorted(expected ^ set(tensors))}")
    try:
        network.load_state_dict(tensors, strict=False)
    except RuntimeError as error:
        fail(f"{path}: {' '.join(str(error).split())}")
    return description, network.eval()


def main():
    parser = Parser(__doc__)
    parser.add_argument("model", help="float model file of sertrain")
    parser.add_argument("logits", help="what sertrain logits wrote for this model")
    parser.add_argument(
        "--tolerance", type=float, default=1e-4, help="largest relative difference (default %(default)s)"
    )
    arguments = parser.parse_args()

    description, network = load(arguments.model)
    sample, _ = read(arguments.logits)
    if "input" not in sample or "logits" not in sample:
        fail(f"{arguments.logits} has no input and logits; write it with sertrain logits")
    inputs, expected = sample["input"], sample["logits"]
    shape = (len(inputs), len(description["labels"]))
    if inputs.dim() != 4 or inputs.shape[1] != 1 or tuple(expected.shape) != shape:
        sizes = f"input {tuple(inputs.shape)}, logits {tuple(expected.shape)}"
        fail(f"{arguments.logits}: {sizes} do not fit the model")
    with torch.no_grad():
        actual = network(inputs)
    largest = expected.abs().max()
    difference = ((actual - expected).abs().max() / largest).item()
    name = description["architecture"]["name"]
    print(f"{name}: {len(inputs)} windows, largest difference {difference:.2e} of the largest logit {largest:.3f}")
    # Not a number compares false with everything, and must not pass.
    return 0 if difference <= arguments.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
