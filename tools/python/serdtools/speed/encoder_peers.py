"""onnxruntime on the encoder's graphs, one thread, as a process that `SerdBenchmarks encoder` tells when to run.

usage: encoder_peers MEL.f32 GRAPH.onnx...

MEL.f32 is a window, frames × 80 floats. Prints the names of the graphs in a line; then, for each line "GRAPH N" read,
the median seconds of processor time of N runs of graph number GRAPH; for "GRAPH" alone, the output's values.
"""

import pathlib
import sys
import time

import numpy as np
import onnxruntime

from serdtools.command import Parser


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def median_time(run, count):
    times = []
    for _ in range(count):
        began = time.thread_time()
        run()
        times.append(time.thread_time() - began)
    return sorted(times)[len(times) // 2]


def main():
    parser = Parser(__doc__)
    parser.add_argument("mel", type=pathlib.Path)
    parser.add_argument("graphs", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    mel = np.ascontiguousarray(np.fromfile(arguments.mel, np.float32).reshape(-1, 80).T[None])
    sessions = [session(str(path)) for path in arguments.graphs]
    print(f"onnxruntime {onnxruntime.__version__}:", *(path.stem for path in arguments.graphs), flush=True)
    for line in sys.stdin:
        graph, *count = (int(word) for word in line.split())

        def run(chosen=sessions[graph]):
            return chosen.run(["tokens"], {"mel": mel})[0]

        if count:
            run()
            print(median_time(run, count[0]), flush=True)
        else:
            print(*(float(value) for value in run().ravel()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
