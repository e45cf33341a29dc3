"""The speech encoder as an ONNX graph, from its file: the peer that `SerdBenchmarks encoder` is timed against.

usage: encoder_onnx ENCODER.safetensors FOLDER [--blocks N] [--frames N]

Writes float32.onnx and, by onnxruntime's dynamic quantisation, int8-*.onnx: of matrix products alone or of everything
that it takes, weights per tensor or per channel. Input `mel` [1, 80, frames], output `tokens` [1, frames / 2, width].
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from serdtools import model_file
from serdtools.command import Parser

BANDS = 80
VARIANTS = {
    "int8-products": {"op_types_to_quantize": ["MatMul"]},
    "int8-products-per-channel": {"op_types_to_quantize": ["MatMul"], "per_channel": True},
    "int8-all-per-channel": {"per_channel": True},
}


def weights(path):
    """The file's tensors in single precision, and its metadata."""
    header, start = model_file.header(path)
    data = pathlib.Path(path).read_bytes()
    kinds = {"F16": np.float16, "F32": np.float32}
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        first, last = (start + offset for offset in entry["data_offsets"])
        tensors[name] = (
            np.frombuffer(data[first:last], kinds[entry["dtype"]]).reshape(entry["shape"]).astype(np.float32)
        )
    return tensors, metadata


def positions(rows, width):
    angles = np.arange(rows)[:, None] * np.exp(-np.log(10000) / (width // 2 - 1) * np.arange(width // 2))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


class Graph:
    """Nodes and constants, named as they come."""

    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], []

    def constant(self, value):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind, *inputs, **attributes):
        output = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def product(self, value, name):
        result = self.node("MatMul", value, self.constant(self.tensors[f"{name}.weight"].T))
        bias = self.tensors.get(f"{name}.bias")
        return result if bias is None else self.node("Add", result, self.constant(bias))

    def norm(self, value, name):
        parts = [self.constant(self.tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.node("LayerNormalization", value, *parts, axis=-1, epsilon=1e-5)

    def convolution(self, value, name, stride):
        parts = [self.constant(self.tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.node("Gelu", self.node("Conv", value, *parts, kernel_shape=[3], pads=[1, 1], strides=[stride]))

    def block(self, value, name, tokens, width, heads):
        split = self.constant(np.array([1, tokens, heads, width // heads], np.int64))
        joined = self.constant(np.array([1, tokens, width], np.int64))
        scale = self.constant(np.float32((width // heads) ** -0.5))
        normed = self.norm(value, f"{name}.attn_ln")

        def part(kind, order):
            return self.node(
                "Transpose", self.node("Reshape", self.product(normed, f"{name}.attn.{kind}"), split), perm=order
            )

        query, key, found = part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]), part("value", [0, 2, 1, 3])
        scores = self.node("MatMul", self.node("Mul", query, scale), key)
        found = self.node("MatMul", self.node("Softmax", scores, axis=-1), found)
        found = self.node("Reshape", self.node("Transpose", found, perm=[0, 2, 1, 3]), joined)
        value = self.node("Add", value, self.product(found, f"{name}.attn.out"))
        hidden = self.node("Gelu", self.product(self.norm(value, f"{name}.mlp_ln"), f"{name}.mlp.0"))
        return self.node("Add", value, self.product(hidden, f"{name}.mlp.2"))


def model(path, blocks, frames):
    tensors, metadata = weights(path)
    width, heads, tokens = int(metadata["width"]), int(metadata["heads"]), frames // 2
    graph = Graph(tensors)
    value = graph.convolution(graph.convolution("mel", "conv1", 1), "conv2", 2)
    value = graph.node("Add", graph.node("Transpose", value, perm=[0, 2, 1]), graph.constant(positions(tokens, width)))
    for index in range(blocks):
        value = graph.block(value, f"blocks.{index}", tokens, width, heads)
    graph.nodes[-1].output[0] = "tokens"
    shapes = {"mel": [1, BANDS, frames], "tokens": [1, tokens, width]}
    mel, output = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items())
    made = helper.make_graph(graph.nodes, "encoder", [mel], [output], graph.constants)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def main():
    parser = Parser(__doc__)
    parser.add_argument("encoder")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--frames", type=int, default=200, help="of a window (default %(default)s, 2 s)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    float32 = arguments.folder / "float32.onnx"
    made = model(arguments.encoder, arguments.blocks, arguments.frames)
    onnx.checker.check_model(made)
    onnx.save(made, float32)
    for name, options in VARIANTS.items():
        quantize_dynamic(float32, arguments.folder / f"{name}.onnx", weight_type=QuantType.QInt8, **options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
