import CTrainingKernels

/// The layers' loops for one instruction set; see training_kernels.h. They round differently, so a training repeats to
/// the bit only on the same kind of processor.
package struct TrainingKernels {
  package let table: training_kernels

  /// What this processor has, the slowest first.
  package static var all: [TrainingKernels] {
    [training_kernels_baseline(), training_kernels_avx2(), training_kernels_avx512()]
      .compactMap { $0.map { TrainingKernels(table: $0.pointee) } }
  }

  /// The fastest that this processor has.
  package static var best: TrainingKernels { all.last! }

  /// The instruction set.
  package var name: String { String(cString: table.name) }
}
