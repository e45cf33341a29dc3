"""Exports a serd int8 model (ReLU or PReLU) to TFLite with dynamic-range int8 weights, as the original Light-SERNet
does: for Benchmarks/compare-with-litert.

    python3 -m serdtools.exchange.litert_export MODEL.safetensors FRAMES OUT.tflite

The weights are the model's own, multiplied out to float32. The converter quantises them again, symmetric and per output
channel; where a channel's largest weight is ±127 that gives back the same integers, which is checked on the file
written. Tensors of fewer than 1024 weights (the paths' convolutions) stay float32: that is the converter's rule.
Activations are float32 between layers and quantised to int8 on the fly, per convolution. FRAMES is the window's length:
122 for 2 s, 184 for 3 s (the weights do not depend on it).

Needs numpy and tensorflow (tensorflow-cpu will do). Prints one line of JSON about what was written.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf

from serdtools import model_file

DTYPES = {"I8": np.int8, "I32": np.int32, "F32": np.float32}


def read_model(path):
    """Tensors by name, the model's description and its grids."""
    header, begin = model_file.header(path)
    metadata = header.pop("__metadata__")
    data = pathlib.Path(path).read_bytes()[begin:]
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[start:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, json.loads(metadata["model"]), json.loads(metadata["quantisation"])


def float_weights(tensors, name, input_scale):
    """Weights (channels first, as in the file) and biases of a layer, in float32."""
    scales = tensors[f"{name}.weight_scale"]
    weights = tensors[f"{name}.weight"].astype(np.float32)
    weights *= scales.reshape([-1] + [1] * (weights.ndim - 1))
    return weights, (tensors[f"{name}.bias"] * np.float64(input_scale) * scales).astype(np.float32)


def network(tensors, model, grids, frames):
    """The network as a concrete function of one [1, frames, coefficients, 1] tensor."""
    architecture = model["architecture"]
    coefficients = model["frontEnd"]["coefficients"]

    def block(x, name, settings, scale, residual=None):
        weights, biases = float_weights(tensors, f"{name}.conv", scale)
        x = tf.nn.conv2d(x, weights.transpose(2, 3, 1, 0), strides=1, padding="SAME") + biases
        if architecture["activation"] == "relu":
            x = tf.nn.relu(x)
        else:
            slopes = tensors[f"{name}.act.weight"]
            x = tf.nn.relu(x) - slopes * tf.nn.relu(-x)  # the converter's pattern for one PRELU
        if residual is not None:
            x = x + residual
        if settings.get("pool"):
            size = [settings["pool"]["height"], settings["pool"]["width"]]
            x = tf.nn.avg_pool2d(x, ksize=size, strides=size, padding="SAME")
        return x

    def run(x):
        residual = x if architecture["hasPathResidual"] else None
        paths = [
            block(x, f"path{i + 1}", settings, grids["input"]["scale"], residual)
            for i, settings in enumerate(architecture["paths"])
        ]
        scale = grids["paths"]["scale"]
        y = tf.concat(paths, axis=-1)
        for i, settings in enumerate(architecture["body"]):
            y = block(y, f"body{i + 1}", settings, scale)
            scale = grids["body"][i]["scale"]
        y = tf.reduce_mean(y, axis=[1, 2])
        weights, biases = float_weights(tensors, "head", scale)
        return tf.nn.softmax(tf.matmul(y, weights.T) + biases)

    return tf.function(run).get_concrete_function(tf.TensorSpec([1, frames, coefficients, 1], tf.float32, name="mfcc"))


def same_integers(path, tensors):
    """How many of the layers whose weights the converter quantised hold the model's own integers, and how many there
    are."""
    reference = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(path, experimental_op_resolver_type=reference)
    details = interpreter.get_tensor_details()
    written = [interpreter.get_tensor(detail["index"]) for detail in details if detail["dtype"] == np.int8]
    originals = [t.transpose(0, 2, 3, 1) if t.ndim == 4 else t for t in tensors.values() if t.dtype == np.int8]
    return sum(any(np.array_equal(w, o) for o in originals) for w in written), len(written)


def main():
    path, frames, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    tensors, model, grids = read_model(path)
    module = tf.Module()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network(tensors, model, grids, frames)], module)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    pathlib.Path(output).write_bytes(converter.convert())
    same, quantised = same_integers(output, tensors)
    facts = {"model": model["name"], "frames": frames, "bytes": os.path.getsize(output), "int8 tensors": quantised}
    print(json.dumps({**facts, "with our integers": same, "tensorflow": tf.__version__}))


if __name__ == "__main__":
    main()
