import SerdFeatures
import SerdNetwork

/// Weights to and from PyTorch by safetensors.
extension FloatModel {
  private static let batchCount = "bn.num_batches_tracked"
  private static let (mean, deviation) = ("standardisation.mean", "standardisation.deviation")

  /// A file that `load_state_dict(load_file(...))` of a module with the same names takes as it is, `strict=True`
  /// included: with the counter of batches (0) that PyTorch's batch norm has and ours has no use for.
  ///
  /// The metadata says what the model is, so the file can be imported again, changed or not; it has no checksum, since
  /// weights are to be changed.
  package func pyTorchFile() -> Safetensors {
    var file = Safetensors(metadata: description.metadata())
    for (name, tensor) in tensors { file.set(name, shape: tensor.shape, floats: tensor.values) }
    for shape in description.layerShapes { file.set("\(shape.name).\(Self.batchCount)", shape: [], int64s: [0]) }
    return file
  }

  /// A network that was trained in PyTorch, from its state dictionary in safetensors, names and layouts as in
  /// ARCHITECTURE.md, "Model file". Floats of other widths than 32 bits are converted.
  ///
  /// - Parameter description: what the model is; nil if the file says it, as an exported one does. If the file holds
  ///   `standardisation.mean` and `standardisation.deviation` [K], they become the front end's.
  /// - Throws: `ModelFileError` that names the tensor which is missing, unknown, of another shape or type, or not
  ///   finite.
  package init(pyTorchFile file: Safetensors, description given: ModelDescription?) throws(ModelFileError) {
    var description: ModelDescription
    if let given { description = given } else { description = try ModelDescription(metadata: file.metadata) }
    if file.tensors[Self.mean] != nil || file.tensors[Self.deviation] != nil {
      let shape = [description.frontEnd.coefficients]
      let deviations = try file.convertedFloats(Self.deviation, shape: shape)
      guard deviations.allSatisfy({ $0 > 0 }) else {
        throw ModelFileError(
          "tensor \"\(Self.deviation)\" holds a value that is not positive", advice: "export it again")
      }
      description.frontEnd.standardisation = Standardisation(
        mean: try file.convertedFloats(Self.mean, shape: shape), reciprocalDeviation: deviations.map { 1 / $0 })
    }
    if let defect = description.defect() { throw ModelFileError("the model cannot be run: \(defect)") }
    let expected = Self.expectedShapes(description.architecture, classes: description.labels.count)
    let known = Set(expected.map(\.name) + [Self.mean, Self.deviation])
    let extra = file.tensors.keys.filter { !known.contains($0) && !$0.hasSuffix(".\(Self.batchCount)") }
    if let name = extra.min() {
      throw ModelFileError(
        "a \(description.architecture.name) network has no tensor \"\(name)\"",
        advice: "name the tensors and choose the architecture as sertrain export does")
    }
    var tensors: [String: Tensor] = [:]
    for (name, shape) in expected {
      tensors[name] = Tensor(shape: shape, values: try file.convertedFloats(name, shape: shape))
    }
    try self.init(description: description, tensors: tensors)
  }
}
