import Foundation
import SerdLearning

// SerdBenchmarks [front-end|gate|inference|hop|training|all]: times on this machine, as plain tables.
// SerdBenchmarks transforms|offset MODEL FOLDER: how far two front ends' answers are apart.
// SerdBenchmarks litert …, encoder …, epochs …: what compare-with-litert, compare-encoder-with-onnxruntime and
// compare-training-with-pytorch run.
// See docs/benchmarks.md.

// First: OpenBLAS chooses its kernels when it is loaded, and a restart must come before any output.
OpenBLASCore.chooseBeforeLoad()

if CommandLine.arguments.count > 1, CommandLine.arguments[1] == "litert" {
  try liteRTComparison(Array(CommandLine.arguments.dropFirst(2)))
  exit(0)
}

if CommandLine.arguments.count > 1, CommandLine.arguments[1] == "encoder" {
  try encoderComparison(Array(CommandLine.arguments.dropFirst(2)))
  exit(0)
}

if CommandLine.arguments.count > 1, CommandLine.arguments[1] == "epochs" {
  try trainingEpochsOnRequest(Array(CommandLine.arguments.dropFirst(2)))
  exit(0)
}

if CommandLine.arguments.count > 1, ["transforms", "offset"].contains(CommandLine.arguments[1]) {
  try answerComparison(CommandLine.arguments[1], Array(CommandLine.arguments.dropFirst(2)))
  exit(0)
}

let benchmarks: [(name: String, run: () throws -> Void)] = [
  ("front-end", frontEndBenchmark),
  ("gate", gateBenchmark),
  ("inference", inferenceBenchmark),
  ("hop", hopBenchmark),
  ("training", { trainingEpochBenchmark() }),
]
let chosen = CommandLine.arguments.count == 1 ? "all" : CommandLine.arguments[1]
guard CommandLine.arguments.count <= 2, chosen == "all" || benchmarks.contains(where: { $0.name == chosen }) else {
  let message = "usage: SerdBenchmarks [front-end|gate|inference|hop|training|all]\n"
  FileHandle.standardError.write(Data(message.utf8))
  exit(64)
}
for (index, benchmark) in benchmarks.filter({ chosen == "all" || $0.name == chosen }).enumerated() {
  if index > 0 { print("") }
  try benchmark.run()
}
