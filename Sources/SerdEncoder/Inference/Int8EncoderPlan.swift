import CEncoderKernels
import CInt8Kernels
import SerdNetwork

/// Where everything of an int8 encoder lies while it runs: one block of memory, for windows of up to so many frames.
struct Int8EncoderPlan {
  let shape: EncoderShape
  let frames: Int
  let tokens: Int
  /// Rows that go through a product at a time: their sums stay in the second-level cache.
  static let rows = 104
  /// Rows of a product's tile, at most, whatever the instruction set.
  static let highestTile = 16
  /// Queries of a head whose products with all keys are kept at a time; a multiple of all kernels' rows.
  static let queries = 20

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
    let largestRow = max(taps * width, shape.hidden, taps * bands)
    // All tiles are as high as the highest.
    cells = place((Self.rows + Self.highestTile) * largestRow + Int(SERD_INT8_SLACK))
    grids = place(Self.rows * MemoryLayout<serd_encoder_grid>.stride)
    sums = place(Self.rows * shape.hidden * 4)
    queryKeyValue = place((tokens + 3) * 3 * width * 4)  // transposed by fours
    keys = place(shape.headWidth * Self.padded(tokens) * 4)
    scores = place(Self.queries * Self.padded(tokens) * 4)
    row = place(shape.hidden * 4)
    byteCount = end
  }

  /// Rounded up to whole vectors.
  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
