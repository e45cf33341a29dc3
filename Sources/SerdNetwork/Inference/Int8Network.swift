import CInt8Kernels
import SerdFeatures

/// The int8 network on the kernels of an instruction set, one-shot: what serves unless something asks for another
/// classifier. The answers are those of `Int8ReferenceNetwork`, to the bit.
///
/// All activations lie in one block of memory that is allocated with the network; classifying allocates nothing. Not
/// safe to share between threads.
package final class Int8Network: WindowClassifier {
  /// The model that is run.
  package let model: QuantisedModel
  /// What it says about itself.
  package var description: ModelDescription { model.description }
  /// Whose kernels run it.
  package let instructionSet: InstructionSet
  /// Bytes of all activations.
  package var arenaByteCount: Int { plan.byteCount }
  /// Bytes of the packed weights and their tables.
  package var weightByteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

  private let kernels: serd_int8_kernels
  private let layers: [PackedLayer]
  private let scaling: InputScaling
  private let head: DenseLayer
  private let plan: Int8Plan
  private let arena: AlignedMemory
  private let planes: InputPlanes
  private let images: [serd_int8_image]

  /// Packs the weights: a copy of the model's, in memory (twice as large with AVX2), besides the activations.
  package init(model: QuantisedModel, instructionSet: InstructionSet = .best) {
    self.model = model
    self.instructionSet = instructionSet
    let kernels = instructionSet.kernels
    self.kernels = kernels
    let layers = model.description.layerShapes.indices.map {
      PackedLayer(model: model, layer: $0, instructionSet: instructionSet)
    }
    self.layers = layers
    scaling = InputScaling(settings: model.description.frontEnd)
    head = DenseLayer(model: model, flip: kernels.flip)
    let plan = Int8Plan(model.description, layers: layers)
    self.plan = plan
    let arena = AlignedMemory(byteCount: plan.byteCount)
    self.arena = arena
    func stored(_ activation: QuantisedModel.Activation) -> UInt8 {
      UInt8(bitPattern: Int8(activation.zeroPoint)) ^ kernels.flip
    }
    planes = plan.planes.makePlanes(
      across: arena.start + plan.across, down: arena.start + plan.down, storedZero: stored(model.activations.input))
    let outputs = [model.activations.paths] + model.activations.body
    images = plan.images.indices.map {
      plan.images[$0].makeImage(at: arena.start + plan.imageOffsets[$0], storedZero: stored(outputs[$0]))
    }
  }

  /// Classifies one window (`WindowClassifier`).
  package func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    let size = plan.planes
    precondition(
      window.frameCount == size.height && window.coefficientCount == size.width,
      "a window of \(window.frameCount) × \(window.coefficientCount) given to a model of \(size.height) frames")
    quantise(window)
    run(into: &probabilities)
    Softmax.apply(&probabilities, temperature: model.description.softmaxTemperature)
  }

  /// The first stage of `classify`: the window, scaled and quantised, as the paths read it.
  package func quantise(_ window: FeatureWindow) {
    let scaled = (arena.start + plan.scaled).assumingMemoryBound(to: Float.self)
    for frame in 0..<plan.planes.height {
      scaling.apply(
        window.coefficients + frame * plan.planes.width, gainStep: window.gainStep, adapted: window.standardisation,
        into: scaled)
      quantise(scaled, frame: frame)
    }
    planes.transpose(rows: 0..<plan.planes.height)
  }

  /// The logits of an already scaled input (`windowFrames` × `coefficients`, within ±clip): for tests and for sertrain.
  package func logits(scaledInput: [Float]) -> [Float] {
    precondition(scaledInput.count == plan.planes.height * plan.planes.width)
    scaledInput.withUnsafeBufferPointer { input in
      for frame in 0..<plan.planes.height { quantise(input.baseAddress! + frame * plan.planes.width, frame: frame) }
    }
    planes.transpose(rows: 0..<plan.planes.height)
    var logits = [Float](repeating: 0, count: model.description.labels.count)
    run(into: &logits)
    return logits
  }

  private func quantise(_ values: UnsafePointer<Float>, frame: Int) {
    let input = model.activations.input
    kernels.quantise(
      values, Int32(plan.planes.width), input.scale, Int32(input.zeroPoint), planes.across + frame * planes.acrossStride
    )
  }

  /// From the quantised input to logits.
  private func run(into logits: inout [Float]) {
    for index in layers.indices { run(layer: index) }
    runHead(into: &logits)
  }

  /// One stage of `classify`: the layer at `index` of the model's `layerShapes`, on what the stages before it left. The
  /// last one includes the global pool.
  package func run(layer index: Int) {
    let layer = layers[index]
    let pathCount = plan.pathGroups.count
    if index < pathCount {
      layer.run(planes, into: images[0], group: plan.pathGroups[index], rows: 0..<plan.images[0].height)
    } else if index < layers.count - 1 {
      let output = index - pathCount + 1
      layer.run(images[output - 1], into: images[output], rows: 0..<plan.images[output].height)
    } else {
      let sums = (arena.start + plan.sums).assumingMemoryBound(to: Int32.self)
      layer.rowSums(images[images.count - 1], into: sums, rows: 0..<plan.sumRows)
      layer.pool(sums, into: (arena.start + plan.vector).assumingMemoryBound(to: UInt8.self))
    }
  }

  /// One stage of `classify`: the dense layer.
  package func runHead(into logits: inout [Float]) {
    let vector = (arena.start + plan.vector).assumingMemoryBound(to: UInt8.self)
    head.apply(vector, sums: (arena.start + plan.logits).assumingMemoryBound(to: Int32.self), into: &logits)
  }
}
