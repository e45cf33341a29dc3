import CEncoderKernels

/// The encoder's loops in single precision for one instruction set. All give the same bits, so the choice changes the
/// time only.
package struct EncoderKernels {
  package let table: serd_encoder_kernels

  /// What this processor has, the slowest first: that is what every machine of the architecture has.
  package static var all: [EncoderKernels] {
    [serd_encoder_baseline, serd_encoder_avx2, serd_encoder_avx512]
      .compactMap { serd_encoder_kernels_for($0).map { EncoderKernels(table: $0.pointee) } }
  }

  /// The fastest that this processor has.
  package static var best: EncoderKernels { all.last! }

  /// The instruction set.
  package var name: String { String(cString: table.name) }
}
