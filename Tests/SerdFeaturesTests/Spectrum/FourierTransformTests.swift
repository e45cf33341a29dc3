import CFrontEndKernels
import Glibc
import SerdFeatures
import SerdTestKit
import Testing

@Suite struct FourierTransformTests {
  /// Real parts, then imaginary parts, of the transform of `signal` in the same order.
  static func transform(_ signal: [Float], _ twiddles: [Float], _ kernels: serd_front_end_kernels) -> [Float] {
    var buffers = signal + [Float](repeating: .nan, count: signal.count)  // what a pass does not write shows
    return buffers.withUnsafeMutableBufferPointer { buffers in
      let start = buffers.baseAddress!
      let result = kernels.transform(start, start + signal.count, twiddles, Int32(signal.count / 2))
      return Array(UnsafeBufferPointer(start: result, count: signal.count))
    }
  }

  /// Against the definition in double precision. A transform in single precision loses about one unit in the last place
  /// of the root mean square for each doubling of the length; random signs make it less.
  @Test("The transform of every length is that of the definition", arguments: [128, 256, 512, 1024, 2048, 4096])
  func everyLengthFollowsTheDefinition(length: Int) {
    var generator = TestGenerator(seed: UInt64(length))
    let signal = (0..<2 * length).map { _ in Float.random(in: -1...1, using: &generator) }
    let turns = (0..<length).map {
      (cos(2 * .pi * Double($0) / Double(length)), sin(2 * .pi * Double($0) / Double(length)))
    }
    let twiddles = PortableTransform.twiddles(length: length)
    for kernels in FrontEndKernels.all {
      let result = Self.transform(signal, twiddles, kernels.table)
      var (power, error, worst) = (0.0, 0.0, 0.0)
      // Every seventh bin of the long ones: the definition costs a product per sample and bin.
      for bin in stride(from: 0, to: length, by: length > 512 ? 7 : 1) {
        var (real, imaginary) = (0.0, 0.0)
        for n in 0..<length {
          let (cosine, sine) = turns[bin * n % length]
          let (x, y) = (Double(signal[n]), Double(signal[length + n]))
          real += x * cosine + y * sine
          imaginary += y * cosine - x * sine
        }
        let (dr, di) = (Double(result[bin]) - real, Double(result[length + bin]) - imaginary)
        power += real * real + imaginary * imaginary
        error += dr * dr + di * di
        worst = max(worst, dr * dr + di * di)
      }
      #expect((error / power).squareRoot() < 2e-7, "\(kernels.name): \((error / power).squareRoot())")
      #expect(worst < 1e-10 * Double(length), "\(kernels.name): one bin is off by \(worst.squareRoot())")
    }
  }

  /// A single sample at n has the transform exp(-2 pi i k n / N): a wrong place or sign of any output would show.
  @Test("A single sample turns through the bins as its place says")
  func singleSamplesTurn() {
    let length = 512
    let twiddles = PortableTransform.twiddles(length: length)
    for kernels in FrontEndKernels.all {
      for n in [0, 1, 7, 8, 63, 64, 65, 300, 511] {
        var signal = [Float](repeating: 0, count: 2 * length)
        signal[n] = 1
        let result = Self.transform(signal, twiddles, kernels.table)
        for k in 0..<length {
          let angle = 2 * Double.pi * Double(k * n % length) / Double(length)
          #expect(abs(Double(result[k]) - cos(angle)) < 3e-7, "\(kernels.name) n \(n) k \(k)")
          #expect(abs(Double(result[length + k]) + sin(angle)) < 3e-7, "\(kernels.name) n \(n) k \(k)")
        }
      }
    }
  }
}
