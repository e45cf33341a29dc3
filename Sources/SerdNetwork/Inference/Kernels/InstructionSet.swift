import CInt8Kernels

/// The instruction sets that there are int8 kernels for. All give the same answer to the bit; they differ in speed.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// Plain C, on every processor.
  case scalar
  /// AVX2: Haswell, Zen and later.
  case avx2
  /// AVX-VNNI, 256 bits: Alder Lake and later, Zen 5.
  case avxvnni
  /// AVX-512 VNNI: Ice Lake, Sapphire Rapids, Zen 4 and later.
  case avx512vnni
  /// NEON without a dot product: Cortex-A53 and A72 (Raspberry Pi Zero 2, 3 and 4).
  case neon
  /// NEON with the dot product: Cortex-A76 (Raspberry Pi 5).
  case neonDot = "neon-dot"

  /// The instruction set of this name, as `--help` lists them (`avx512vnni`, `neon-dot`), or nil.
  package init?(named name: String) { self.init(rawValue: name) }

  /// As in `init(named:)`.
  package var name: String { rawValue }

  /// Whether this processor has it and this build has kernels for it.
  package var isAvailable: Bool { serd_int8_kernels_for(code) != nil }

  /// Those that can run here; the scalar one always can.
  package static var available: [InstructionSet] { allCases.filter(\.isAvailable) }

  /// The fastest that can run here: the cases are in ascending order of speed for each processor family.
  package static let best = available.last ?? .scalar

  var code: serd_int8_instruction_set {
    switch self {
    case .scalar: serd_int8_scalar
    case .avx2: serd_int8_avx2
    case .avxvnni: serd_int8_avxvnni
    case .avx512vnni: serd_int8_avx512vnni
    case .neon: serd_int8_neon
    case .neonDot: serd_int8_neon_dot
    }
  }

  /// The kernels. The instruction set must be available.
  package var kernels: serd_int8_kernels {
    guard let kernels = serd_int8_kernels_for(code) else {
      preconditionFailure("this processor has no \(name): see InstructionSet.available")
    }
    return kernels.pointee
  }
}
