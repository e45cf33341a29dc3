"""Checks an ONNX file of sertrain, and holds what onnxruntime makes of it against sertrain's own logits.

    pip install onnx onnxruntime safetensors numpy
    sertrain export float.safetensors --format onnx --output model.onnx
    sertrain logits float.safetensors --output logits.safetensors
    tools/compare-with-onnx model.onnx logits.safetensors

--option KEY=VALUE sets an option of the session, such as session.x64quantprecision=1; --plain switches the runtime's
optimisation off.

An int8 model in place of the float one needs --tolerance 0.02: between two roundings a runtime computes in float32, and
a value that lies between two steps may fall to the other side.

Shows the largest difference of a logit, relative to the largest logit, and how often both name the same class. Exit
codes: 0 the file is sound and the two agree, 1 they differ by more than the tolerance, 64 usage, 65 a file is not what
it should be, 69 a Python package is missing.
"""

import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

from serdtools.command import Parser, fail


def main():
    parser = Parser(__doc__)
    parser.add_argument("model", help="ONNX file of sertrain export")
    parser.add_argument("logits", help="what sertrain logits wrote for the same model")
    parser.add_argument(
        "--tolerance", type=float, default=1e-4, help="largest relative difference (default %(default)s)"
    )
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="an option of the session")
    parser.add_argument("--plain", action="store_true", help="without optimisation of the graph")
    arguments = parser.parse_args()

    try:
        onnx.checker.check_model(onnx.load(arguments.model), full_check=True)
        options = onnxruntime.SessionOptions()
        if arguments.plain:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        for option in arguments.option:
            options.add_session_config_entry(*option.split("=", 1))
        session = onnxruntime.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])
        sample = load_file(arguments.logits)
        inputs, expected = sample["input"], sample["logits"]
    except Exception as error:  # the packages raise many kinds, and none of them needs a stack trace
        fail(f"{type(error).__name__}: {str(error).splitlines()[0]}")

    logits, probabilities = session.run(["logits", "probabilities"], {"input": inputs})
    largest = np.abs(expected).max()
    difference = float(np.abs(logits - expected).max() / largest)
    same = 100 * float((logits.argmax(axis=1) == expected.argmax(axis=1)).mean())
    # One at a time, too: the number of windows is free.
    single = session.run(["logits"], {"input": inputs[:1]})[0]
    alone = float(np.abs(single - logits[:1]).max() / largest)
    sums = float(np.abs(probabilities.sum(axis=1) - 1).max())
    print(
        f"{arguments.model}: checked; {len(inputs)} windows, largest difference {difference:.2e} of the largest logit "
        f"{largest:.3f}, same class in {same:.1f} %, {alone:.2e} one at a time; "
        f"probabilities sum to 1 within {sums:.2e}"
    )
    # Not a number compares false with everything, and must not pass.
    return 0 if difference <= arguments.tolerance and alone <= arguments.tolerance and sums <= 1e-5 else 1


if __name__ == "__main__":
    sys.exit(main())
