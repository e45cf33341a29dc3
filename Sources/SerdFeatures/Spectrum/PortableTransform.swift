import CFrontEndKernels
import Glibc

/// The transform of CFrontEndKernels (template_transform.h): the same bits on every processor.
package final class PortableTransform: SpectrumTransform {
  /// The samples, then room for the passes.
  private let work: AlignedFloats
  private let separation: SpectrumSeparation
  private let kernels: FrontEndKernels
  private let twiddles: AlignedFloats

  init(settings: FrontEndSettings, kernels: FrontEndKernels) {
    separation = SpectrumSeparation(settings: settings, kernels: kernels)
    self.kernels = kernels
    twiddles = AlignedFloats(Self.twiddles(length: separation.half))
    work = AlignedFloats(count: 2 * settings.frameLength)
  }

  /// Whether the kernels have a transform for frames of this many samples.
  static func takes(length: Int) -> Bool { length >= 256 && length.nonzeroBitCount == 1 }

  package var samples: UnsafeMutablePointer<Float> { work.start }

  package func transform(into bins: UnsafeMutablePointer<Float>) {
    let half = separation.half
    separation.apply(
      kernels.table.transform(samples, samples + 2 * half, twiddles.start, Int32(half))!, into: bins)
  }

  /// In the order in which `serd_front_end_kernels.transform` reads them.
  package static func twiddles(length: Int) -> [Float] {
    var values: [Float] = []
    var stride = 1
    while stride < length / 8 {
      for block in Swift.stride(from: 0, to: length / 8, by: 16) {
        for k in 1...7 {
          let angles = (block..<block + 16).map { -2 * .pi * Double(k * ($0 / stride) * stride) / Double(length) }
          values += angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
        }
      }
      stride *= 8
    }
    return values
  }
}
