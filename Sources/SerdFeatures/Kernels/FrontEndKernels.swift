import CFrontEndKernels

/// The front end's vector loops for one instruction set. All give the same bits, so the choice changes the time only.
package struct FrontEndKernels {
  package let table: serd_front_end_kernels

  /// What this processor has, the slowest first: that is what every machine of the architecture has.
  package static var all: [FrontEndKernels] {
    [serd_front_end_baseline, serd_front_end_avx2, serd_front_end_avx512]
      .compactMap { serd_front_end_kernels_for($0).map { FrontEndKernels(table: $0.pointee) } }
  }

  /// The fastest that this processor has.
  package static var best: FrontEndKernels { all.last! }

  /// The instruction set.
  package var name: String { String(cString: table.name) }
}
