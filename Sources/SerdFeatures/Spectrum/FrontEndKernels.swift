import CFrontEndKernels

/// The front end's vector loops for one instruction set. All give the same bits, so the choice changes the time only.
package struct FrontEndKernels {
  package let table: front_end_kernels

  /// What every machine of this architecture has.
  package static var baseline: FrontEndKernels { FrontEndKernels(table: front_end_kernels_baseline().pointee) }

  /// What this processor has, the slowest first.
  package static var all: [FrontEndKernels] {
    [front_end_kernels_baseline(), front_end_kernels_avx2(), front_end_kernels_avx512()]
      .compactMap { $0.map { FrontEndKernels(table: $0.pointee) } }
  }

  /// The fastest that this processor has.
  package static var best: FrontEndKernels { all.last! }

  /// The instruction set.
  package var name: String { String(cString: table.name) }
}
