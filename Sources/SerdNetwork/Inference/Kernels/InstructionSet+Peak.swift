import CInt8Kernels

extension InstructionSet {
  /// Runs `rounds` rounds of multiply-adds on registers alone, as fast as this instruction set can sum exact int8
  /// products, and returns how many multiply-adds that was. Their number per second is the peak of the core, at the
  /// clock that it has just then. The instruction set must be available.
  package func runPeakLoop(rounds: Int) -> Int {
    precondition(isAvailable, "this processor has no \(name): see InstructionSet.available")
    return Int(serd_int8_peak(code, Int64(rounds)))
  }
}
