import SerdNetwork

/// The program's version, as `serd --version` prints it.
public enum Version {
  /// Name, version, and what it was built with.
  public static let text = "serd 0.1.0 (model format 1, int8 kernels: \(InstructionSet.best.name))"
}
