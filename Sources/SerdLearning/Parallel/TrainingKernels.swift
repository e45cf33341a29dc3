import CTrainingKernels

/// The layers' loops for one instruction set; see CTrainingKernels.h. They round differently, so a training repeats to
/// the bit only on the same kind of processor.
package struct TrainingKernels {
  package let table: serd_training_kernels

  /// What this processor has, the slowest first.
  package static var all: [TrainingKernels] {
    [serd_training_baseline, serd_training_avx2, serd_training_avx512]
      .compactMap { serd_training_kernels_for($0).map { TrainingKernels(table: $0.pointee) } }
  }

  /// The fastest that this processor has.
  package static var best: TrainingKernels { all.last! }

  /// The instruction set.
  package var name: String { String(cString: table.name) }
}
