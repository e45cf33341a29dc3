import CInt8Kernels
import Glibc
import SerdFeatures

/// The int8 network for windows that overlap: of a window that begins a whole number of strides (32 frames) after the
/// last one, at the same gain step (and adapted standardisation), only the rows that differ are computed (`RowReuse`).
/// The answers are those of `Int8Network` to the bit.
///
/// Integers do not drift, so rows are kept for as long as windows go on; a window that is anything else (another gain
/// step, another offset, no overlap, an earlier one) is computed whole. What windows share is found by comparing their
/// frames, not only their numbers: a window of another recording never meets the rows of the last one.
///
/// The window's place moves on through its activations (`SlidingImage`), and what is kept moves back to their start
/// seldom. One allocation, with the network; classifying allocates nothing. Not safe to share between threads.
package final class IncrementalNetwork: WindowClassifier {
  /// What the activations hold.
  private enum State {
    /// Nothing.
    case empty
    /// Those of the window from `firstFrame` on, at this many frames from the start of their room.
    case window(firstFrame: Int, scaling: Scaling, position: Int)
  }

  /// What the values of a window's frames depend on, besides the frames.
  private struct Scaling: Equatable {
    let gainStep: Int
    let standardisation: Int?

    init(_ window: FeatureWindow) {
      gainStep = window.gainStep
      standardisation = window.standardisation?.number
    }
  }

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
  /// Output rows that the last window took, one count for each of the description's `layerShapes`.
  package private(set) var computedRows: [Int]

  /// Hops that a window moves on before its rows are moved back.
  private static let spareHops = 16

  private let kernels: serd_int8_kernels
  private let layers: [PackedLayer]
  private let reuse: [RowReuse]
  private let scaling: InputScaling
  private let head: DenseLayer
  private let plan: Int8Plan
  private let arena: UnsafeMutableRawPointer
  /// Keeps the arena alive, unless someone else does.
  private let ownMemory: AlignedMemory?
  private let planes: SlidingPlanes
  private let images: [SlidingImage]
  private let spareFrames: Int
  private var state = State.empty

  /// Packs the weights. Cost: as `Int8Network`, and somewhat more memory.
  package convenience init(model: QuantisedModel, instructionSet: InstructionSet = .best) {
    self.init(model: model, instructionSet: instructionSet, arena: nil)
  }

  /// With `arenaByteCount` bytes of the caller's for all activations, which must outlive the network: for tests.
  package init(model: QuantisedModel, instructionSet: InstructionSet, arena given: ((Int) -> UnsafeMutableRawPointer)?)
  {
    self.model = model
    self.instructionSet = instructionSet
    let kernels = instructionSet.kernels
    self.kernels = kernels
    let description = model.description
    let layers = model.layers.indices.map { PackedLayer(model: model, layer: $0, instructionSet: instructionSet) }
    self.layers = layers
    let reuse = description.rowReuse
    self.reuse = reuse
    spareFrames = Self.spareHops * reuse.last!.stride
    scaling = InputScaling(settings: description.frontEnd)
    head = DenseLayer(model: model, flip: kernels.flip)
    let plan = Int8Plan(description, layers: layers, spareFrames: spareFrames)
    self.plan = plan
    ownMemory = given == nil ? AlignedMemory(byteCount: plan.byteCount) : nil
    let arena = ownMemory?.start ?? given!(plan.byteCount)
    self.arena = arena
    func stored(_ activation: QuantisedModel.Activation) -> UInt8 {
      UInt8(bitPattern: Int8(activation.zeroPoint)) ^ kernels.flip
    }
    planes = SlidingPlanes(
      plan.planes, across: arena + plan.across, down: arena + plan.down,
      storedZero: stored(model.activations.input), spareFrames: spareFrames)
    let outputs = [model.activations.paths] + model.activations.body
    let pathCount = description.architecture.paths.count
    images = plan.images.indices.map { index in
      SlidingImage(
        plan.images[index], at: arena + plan.imageOffsets[index], storedZero: stored(outputs[index]),
        stride: reuse[pathCount - 1 + index].stride)
    }
    computedRows = Array(repeating: 0, count: layers.count)
  }

  /// Classifies one window (`WindowClassifier`).
  package func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    let description = model.description
    precondition(
      window.frameCount == description.windowFrames && window.coefficientCount == plan.planes.width,
      "a window of \(window.frameCount) × \(window.coefficientCount) given to a model of \(description.windowFrames) frames"
    )
    let (slid, position) = place(window)
    state = .window(firstFrame: window.firstFrame, scaling: Scaling(window), position: position)
    quantise(window, from: slid.map { window.frameCount - $0 } ?? 0, position: position)
    convolve(slidBy: slid, position: position)
    head.apply(
      vector, sums: (arena + plan.logits).assumingMemoryBound(to: Int32.self), into: &probabilities)
    Softmax.apply(&probabilities, temperature: model.description.softmaxTemperature)
  }

  /// Decides how far the window has slid since the last one, nil if nothing can be kept, and where its rows are to lie;
  /// makes that place.
  private func place(_ window: FeatureWindow) -> (slidBy: Int?, position: Int) {
    guard case .window(let firstFrame, let scaling, let last) = state, scaling == Scaling(window) else {
      return (nil, 0)
    }
    let frames = window.firstFrame - firstFrame
    guard (0..<window.frameCount).contains(frames), frames % reuse.last!.stride == 0,
      isKept(window, at: last + frames, count: window.frameCount - frames)
    else { return (nil, 0) }
    guard last + frames > spareFrames else { return (frames, last + frames) }
    moveToStart(from: last + frames, slidBy: frames)
    return (frames, 0)
  }

  /// Whether the window's first frames are those that are kept from this position on.
  private func isKept(_ window: FeatureWindow, at position: Int, count: Int) -> Bool {
    memcmp(window.coefficients, frames(at: position), count * plan.planes.width * MemoryLayout<Float>.size) == 0
  }

  private func frames(at position: Int) -> UnsafeMutablePointer<Float> {
    (arena + plan.frames).assumingMemoryBound(to: Float.self) + position * plan.planes.width
  }

  private var vector: UnsafeMutablePointer<UInt8> { (arena + plan.vector).assumingMemoryBound(to: UInt8.self) }

  private func sums(at position: Int) -> UnsafeMutablePointer<Int32> {
    (arena + plan.sums).assumingMemoryBound(to: Int32.self)
      + position / reuse.last!.stride * layers.last!.paddedChannels
  }

  private func moveToStart(from position: Int, slidBy frames: Int) {
    planes.moveToStart(from: position, slidBy: frames)
    for image in images { image.moveToStart(from: position, slidBy: frames) }
    let rows = plan.sumRows - frames / reuse.last!.stride
    sums(at: 0).update(from: sums(at: position), count: rows * layers.last!.paddedChannels)
    self.frames(at: 0).update(
      from: self.frames(at: position), count: (plan.planes.height - frames) * plan.planes.width)
  }

  /// Scales and quantises the frames from `first` on, and keeps them as they came.
  private func quantise(_ window: FeatureWindow, from first: Int, position: Int) {
    let input = model.activations.input
    let planes = planes.planes(at: position)
    let width = plan.planes.width
    let scaled = (arena + plan.scaled).assumingMemoryBound(to: Float.self)
    for frame in first..<window.frameCount {
      scaling.apply(
        window.coefficients + frame * width, gainStep: window.gainStep, adapted: window.standardisation, into: scaled)
      kernels.quantise(
        scaled, Int32(width), input.scale, Int32(input.zeroPoint), planes.across + frame * planes.acrossStride)
    }
    planes.transpose(rows: first..<window.frameCount)
    self.planes.writeHalo(at: position)
    frames(at: position + first).update(
      from: window.coefficients + first * width, count: (window.frameCount - first) * width)
  }

  /// From the quantised input to the pooled vector.
  private func convolve(slidBy frames: Int?, position: Int) {
    let planes = planes.planes(at: position)
    let pathCount = plan.pathGroups.count
    var image = images[0].image(at: position)
    for path in 0..<pathCount {
      let rows = rows(ofLayer: path, slidBy: frames)
      layers[path].run(planes, into: image, group: plan.pathGroups[path], rows: 0..<rows.leading)
      layers[path].run(planes, into: image, group: plan.pathGroups[path], rows: rows.rest)
    }
    images[0].writeHalo(at: position)
    for index in 1..<images.count {
      let output = images[index].image(at: position)
      let rows = rows(ofLayer: pathCount + index - 1, slidBy: frames)
      layers[pathCount + index - 1].run(image, into: output, leading: rows.leading, rows: rows.rest)
      images[index].writeHalo(at: position)
      image = output
    }
    let (last, sums) = (layers[layers.count - 1], sums(at: position))
    let rows = rows(ofLayer: layers.count - 1, slidBy: frames)
    last.rowSums(image, into: sums, rows: 0..<rows.leading)
    last.rowSums(image, into: sums, rows: rows.rest)
    last.pool(sums, into: vector)
  }

  private func rows(ofLayer index: Int, slidBy frames: Int?) -> (leading: Int, rest: Range<Int>) {
    var rows = reuse[index].rows(slidBy: frames)
    // Here the two ends are computed apart, and that costs more than one row.
    if index == layers.count - 1, rows.rest.lowerBound - rows.leading <= 1 { rows = reuse[index].rows(slidBy: nil) }
    computedRows[index] = rows.leading + rows.rest.count
    return rows
  }
}
