import CFrontEndKernels
import Glibc

/// The transform by its definition, for lengths that are no power of two: a row of cosines and one of sines per bin.
/// Some six times as long as FFTW's for 400 samples. The same bits on every processor.
///
/// Cosines are even and sines odd around the frame's middle. So samples that mirror each other are added and
/// subtracted first, which halves the work: that is what `serd_front_end_kernels.cosine` takes.
final class DirectTransform: SpectrumTransform {
  private let half: Int
  private let isPower: Bool
  private let kernels: FrontEndKernels
  private let work: AlignedFloats
  /// Of the even samples, of the odd ones, then the first sample; zeros up to a multiple of eight.
  private let sums: AlignedFloats
  private let differences: AlignedFloats
  private let length: Int
  /// A row of cosines and one of sines in turns, zeros up to a multiple of eight rows, as the kernel reads them.
  private let table: AlignedFloats
  private let parts: AlignedFloats
  private let rows: Int

  init(settings: FrontEndSettings, kernels: FrontEndKernels) {
    precondition(settings.frameLength % 4 == 0, "frames of \(settings.frameLength) samples have no middle pair")
    half = settings.frameLength / 2
    isPower = settings.spectrum == .power
    self.kernels = kernels
    length = (half + 1 + 7) / 8 * 8
    rows = (2 * (half + 1) + 7) / 8 * 8
    work = AlignedFloats(count: 2 * half)
    sums = AlignedFloats(count: length)
    differences = AlignedFloats(count: length)
    table = AlignedFloats(Self.table(half: half, length: length, rows: rows))
    parts = AlignedFloats(count: rows)
  }

  var samples: UnsafeMutablePointer<Float> { work.start }

  func transform(into bins: UnsafeMutablePointer<Float>) {
    // The even samples but the first have their middle in the sum at half / 2 - 1.
    kernels.table.fold(samples + 1, sums.start, differences.start, Int32(half - 1))
    kernels.table.fold(samples + half, sums.start + half / 2, differences.start + half / 2, Int32(half))
    sums.start[half] = samples[0]
    kernels.table.cosine(sums.start, differences.start, table.start, parts.start, Int32(length), Int32(rows))
    for bin in 0...half {
      let (cosine, sine) = (parts.start[2 * bin], parts.start[2 * bin + 1])
      let power = cosine * cosine + sine * sine
      bins[bin] = isPower ? power : power.squareRoot()
    }
  }

  /// [rows / 8][length / 8][8 rows][8]. The factor 2 makes good for the halved samples.
  private static func table(half: Int, length: Int, rows: Int) -> [Float] {
    // Which sample the sum at a place begins with.
    let places = (1...half / 2).map { 2 * $0 } + (0..<half / 2).map { 2 * $0 + 1 } + [0]
    func value(row: Int, place: Int) -> Float {
      guard place < places.count, row < 2 * (half + 1) else { return 0 }
      let angle = 2 * .pi * Double(row / 2 * places[place] % (2 * half)) / Double(2 * half)
      return Float(2 * (row % 2 == 0 ? cos(angle) : sin(angle)))
    }
    return stride(from: 0, to: rows, by: 8).flatMap { row in
      stride(from: 0, to: length, by: 8).flatMap { place in
        (0..<8).flatMap { r in (0..<8).map { value(row: row + r, place: place + $0) } }
      }
    }
  }
}
