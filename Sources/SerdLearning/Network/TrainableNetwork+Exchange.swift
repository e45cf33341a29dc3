import SerdNetwork

extension TrainableNetwork {
  /// Every tensor by PyTorch's name, in PyTorch's layout (convolutions OIHW), running statistics included.
  package func export() -> [String: (shape: [Int], values: [Float])] {
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    for entry in table.entries {
      let values = entry.exported(from: entry.isRunning ? runningStatistics : parameters)
      tensors[entry.name] = (entry.shape, values)
    }
    return tensors
  }

  /// Takes all tensors from `tensors`, named and laid out as `export` gives them.
  ///
  /// Throws if one is missing, has another shape, holds a value that is not finite, or is not part of this network; the
  /// network is then unchanged.
  package func load(_ tensors: [String: (shape: [Int], values: [Float])]) throws(ModelFileError) {
    let advice = "use the tensors of the same architecture and number of classes"
    let known = Set(table.entries.map(\.name))
    if let extra = tensors.keys.filter({ !known.contains($0) }).min() {
      throw ModelFileError("the \(architecture.name) network has no tensor \"\(extra)\"", advice: advice)
    }
    for entry in table.entries {
      guard let tensor = tensors[entry.name] else {
        throw ModelFileError("tensor \"\(entry.name)\" is missing", advice: advice)
      }
      guard tensor.shape == entry.shape, tensor.values.count == entry.count else {
        throw ModelFileError(
          "tensor \"\(entry.name)\" has shape \(tensor.shape) and \(tensor.values.count) values, not \(entry.shape)",
          advice: advice)
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw ModelFileError("tensor \"\(entry.name)\" holds a value that is not finite", advice: "train it again")
      }
    }
    for entry in table.entries {
      let values = tensors[entry.name]!.values
      if entry.isRunning {
        entry.store(values, into: &runningStatistics)
      } else {
        entry.store(values, into: &parameters)
      }
    }
  }
}
