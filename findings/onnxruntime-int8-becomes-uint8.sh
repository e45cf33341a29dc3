#!/usr/bin/env bash
# One would guess: a model that is quantised to int8 throughout runs in int8.
# What happens: on x86, ONNX Runtime moves the activations to uint8, shifted by 128, also in the model that it saves.
# Where it matters: comparing int8 kernels or tensors with it; uint8 x int8 is the pair whose AVX2 sums can saturate.
set -euo pipefail

[[ $(uname -m) == x86_64 ]] || {
  echo "This is about x86-64." >&2
  exit 69
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
  onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6

venv/bin/python - <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(0)
constants = {
    "x_scale": np.float32(0.05),
    "w_scale": np.float32(0.01),
    "y_scale": np.float32(0.5),
    "zero": np.int8(0),
    "w": random.integers(-127, 128, (64, 32)).astype(np.int8),
}
nodes = [
    helper.make_node("QuantizeLinear", ["x", "x_scale", "zero"], ["x_int8"]),
    helper.make_node("DequantizeLinear", ["x_int8", "x_scale", "zero"], ["x_float"]),
    helper.make_node("DequantizeLinear", ["w", "w_scale", "zero"], ["w_float"]),
    helper.make_node("MatMul", ["x_float", "w_float"], ["product"]),
    helper.make_node("QuantizeLinear", ["product", "y_scale", "zero"], ["y_int8"]),
    helper.make_node("DequantizeLinear", ["y_int8", "y_scale", "zero"], ["y"]),
]
ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, size]) for name, size in (("x", 64), ("y", 32))]
weights = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
graph = helper.make_graph(nodes, "product", ends[:1], ends[1:], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)

options = onnxruntime.SessionOptions()
options.optimized_model_filepath = "optimised.onnx"
options.log_severity_level = 3
session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
session.run(None, {"x": random.standard_normal((1, 64), dtype=np.float32)})

optimised = onnx.load("optimised.onnx").graph
values = {constant.name: numpy_helper.to_array(constant) for constant in optimised.initializer}
product = next(node for node in optimised.node if node.op_type == "QLinearMatMul")
x_zero, w, w_zero, y_zero = (values[product.input[k]] for k in (2, 3, 5, 7))
print(f"onnxruntime {onnxruntime.__version__}; in the model, all zero points are int8 0; in the optimised one:")
print(f"input {x_zero.dtype} {x_zero}, weights {w_zero.dtype} {w_zero}, output {y_zero.dtype} {y_zero}")

as_described = x_zero == 128 and y_zero == 128 and x_zero.dtype == np.uint8 and w.dtype == np.int8
sys.exit(0 if as_described else "The behaviour has changed.")
PY
