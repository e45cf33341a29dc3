import CEncoderKernels
import CInt8Kernels
import SerdNetwork

/// Where everything of an int8 encoder lies while it runs: one block of memory, for windows of up to so many frames.
struct Int8EncoderPlan {
  let shape: EncoderShape
  let frames: Int
  let tokens: Int
  /// Queries of a head whose products with all keys are kept at a time; a multiple of all kernels' rows.
  static let queries = 60

  /// Offsets in bytes. The mel frames and the first convolution's output have a row of zeros before and after.
  private(set) var mel = 0
  private(set) var convolved = 0
  private(set) var tokenValues = 0
  private(set) var positions = 0
  private(set) var cells = 0
  private(set) var grids = 0
  private(set) var sums = 0
  private(set) var queryKeyValue = 0
  private(set) var keys = 0
  private(set) var scores = 0
  private(set) var row = 0
  private(set) var byteCount = 0

  init(shape: EncoderShape, frames: Int) {
    (self.shape, self.frames) = (shape, frames)
    tokens = EncoderShape.tokens(inFrames: frames)
    let (width, bands, taps) = (shape.width, EncoderShape.bands, EncoderShape.taps)
    var end = 0
    func place(_ bytes: Int) -> Int {
      defer { end += AlignedMemory.aligned(bytes) }
      return end
    }
    mel = place((frames + 2) * bands * 4)
    convolved = place((frames + 2) * width * 4)
    tokenValues = place(tokens * width * 4)
    positions = place(tokens * width * 4)
    let frameCells = Self.rowStride(frames) * taps * bands
    cells = place(max(frameCells, Self.rowStride(tokens) * max(taps * width, shape.hidden)) + Int(SERD_INT8_SLACK))
    grids = place(frames * MemoryLayout<serd_encoder_grid>.stride)
    sums = place(max(frames * width, tokens * shape.hidden) * 4)
    queryKeyValue = place(tokens * 3 * width * 4)
    keys = place(shape.headWidth * Self.padded(tokens) * 4)
    scores = place(Self.queries * Self.padded(tokens) * 4)
    row = place(shape.hidden * 4)
    byteCount = end
  }

  /// Rounded up to whole vectors.
  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Cells from one step to the next: an odd number of cache lines, so that the steps of a few rows do not share sets.
  static func rowStride(_ rows: Int) -> Int { ((rows + 15) / 16 | 1) * 16 }
}
