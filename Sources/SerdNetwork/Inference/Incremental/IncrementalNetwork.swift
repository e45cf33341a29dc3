import CInt8Kernels
import Glibc
import SerdFeatures

/// The int8 network for windows that overlap: of a window that begins a whole number of strides (32 frames) after the last one, at
/// the same gain step, only the rows that differ are computed (`RowReuse`). The answers are those of `Int8Network` to the bit.
///
/// Integers do not drift, so rows are kept for as long as windows go on; a window that is anything else (another gain step, another
/// offset, no overlap, an earlier one) is computed whole. What windows share is found by comparing their frames, not only their
/// numbers: a window of another recording never meets the rows of the last one.
///
/// Every activation has room for some hops more than a window. The window's place moves on through that room, and what is kept
/// moves back to the start seldom. One allocation, with the network; classifying allocates nothing. Not safe to share between threads.
public final class IncrementalNetwork: WindowClassifier {
  /// What the activations hold.
  private enum State {
    /// Nothing.
    case empty
    /// Those of the window from `firstFrame` on, at this many frames from the start of their room.
    case window(firstFrame: Int, gainStep: Int, position: Int)
  }

  /// The model that is run.
  public let model: QuantisedModel
  /// Whose kernels run it.
  public let instructionSet: InstructionSet
  /// Bytes of all activations.
  public var arenaByteCount: Int { plan.byteCount }
  /// Output rows that the last window took, one count for each of the description's `layerShapes`.
  package private(set) var computedRows: [Int]

  /// Hops that a window moves on before its rows are moved back.
  private static let spareHops = 8

  private let kernels: serd_int8_kernels
  private let layers: [PackedLayer]
  private let reuse: [RowReuse]
  private let scaling: InputScaling
  private let head: DenseLayer
  private let plan: Int8Plan
  private let arena: AlignedMemory
  private let planes: SlidingPlanes
  private let images: [SlidingImage]
  private let spareFrames: Int
  private var state = State.empty

  /// Packs the weights. Cost: as `Int8Network`, and `spareHops` hops of activations more.
  public init(model: QuantisedModel, instructionSet: InstructionSet = .best) {
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
    let arena = AlignedMemory(byteCount: plan.byteCount)
    self.arena = arena
    func stored(_ activation: QuantisedModel.Activation) -> UInt8 {
      UInt8(bitPattern: Int8(activation.zeroPoint)) ^ kernels.flip
    }
    planes = SlidingPlanes(
      plan.planes, across: arena.start + plan.across, down: arena.start + plan.down,
      storedZero: stored(model.activations.input), height: description.windowFrames)
    let outputs = [model.activations.paths] + model.activations.body
    let pathCount = description.architecture.paths.count
    images = plan.images.indices.map { index in
      let rows = reuse[pathCount - 1 + index]
      return SlidingImage(
        plan.images[index], at: arena.start + plan.imageOffsets[index], storedZero: stored(outputs[index]),
        height: rows.height, stride: rows.stride)
    }
    computedRows = Array(repeating: 0, count: layers.count)
  }

  /// Classifies one window (`WindowClassifier`).
  public func classify(_ window: FeatureWindow, into probabilities: inout [Float]) {
    let description = model.description
    precondition(
      window.frameCount == description.windowFrames && window.coefficientCount == plan.planes.width,
      "a window of \(window.frameCount) × \(window.coefficientCount) given to a model of \(description.windowFrames) frames"
    )
    let (slid, position) = place(window)
    state = .window(firstFrame: window.firstFrame, gainStep: window.gainStep, position: position)
    quantise(window, from: slid.map { window.frameCount - $0 } ?? 0, position: position)
    convolve(slidBy: slid, position: position)
    head.apply(
      vector, sums: (arena.start + plan.logits).assumingMemoryBound(to: Int32.self), into: &probabilities)
    Softmax.apply(&probabilities)
  }

  /// Decides how far the window has slid since the last one, nil if nothing can be kept, and where its rows are to lie; makes that
  /// place.
  private func place(_ window: FeatureWindow) -> (slidBy: Int?, position: Int) {
    guard case .window(let firstFrame, window.gainStep, let last) = state else { return (nil, 0) }
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
    (arena.start + plan.frames).assumingMemoryBound(to: Float.self) + position * plan.planes.width
  }

  private var vector: UnsafeMutablePointer<UInt8> { (arena.start + plan.vector).assumingMemoryBound(to: UInt8.self) }

  private func sums(at position: Int) -> UnsafeMutablePointer<Int32> {
    (arena.start + plan.sums).assumingMemoryBound(to: Int32.self)
      + position / reuse.last!.stride * layers.last!.paddedChannels
  }

  private func moveToStart(from position: Int, slidBy frames: Int) {
    planes.moveToStart(from: position, slidBy: frames)
    for image in images { image.moveToStart(from: position, slidBy: frames) }
    let rows = reuse.last!.height - frames / reuse.last!.stride
    sums(at: 0).update(from: sums(at: position), count: rows * layers.last!.paddedChannels)
    self.frames(at: 0).update(
      from: self.frames(at: position), count: (model.description.windowFrames - frames) * plan.planes.width)
  }

  /// Scales and quantises the frames from `first` on, and keeps them as they came.
  private func quantise(_ window: FeatureWindow, from first: Int, position: Int) {
    let input = model.activations.input
    let planes = planes.planes(at: position)
    let width = plan.planes.width
    let scaled = (arena.start + plan.scaled).assumingMemoryBound(to: Float.self)
    for frame in first..<window.frameCount {
      scaling.apply(window.coefficients + frame * width, gainStep: window.gainStep, into: scaled)
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
      compute(path, slidBy: frames) { layers[path].run(planes, into: image, group: plan.pathGroups[path], rows: $0) }
    }
    images[0].writeHalo(at: position)
    for index in 1..<images.count {
      let (layer, output) = (pathCount + index - 1, images[index].image(at: position))
      compute(layer, slidBy: frames) { layers[layer].run(image, into: output, rows: $0) }
      images[index].writeHalo(at: position)
      image = output
    }
    let (last, sums) = (layers.count - 1, sums(at: position))
    compute(last, slidBy: frames) { layers[last].rowSums(image, into: sums, rows: $0) }
    layers[last].pool(sums, into: vector)
  }

  /// Calls `run` for the rows that a layer must compute.
  private func compute(_ layer: Int, slidBy frames: Int?, run: (Range<Int>) -> Void) {
    let rows = reuse[layer].rows(slidBy: frames)
    run(rows.leading)
    run(rows.rest)
    computedRows[layer] = rows.leading.count + rows.rest.count
  }
}
