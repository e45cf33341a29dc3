import SerdNetwork

/// The program's version, as `serd --version` prints it.
public enum Version {
  /// Of the program.
  public static let number = "0.1.0"
  /// Name, version, model format, and the int8 kernels that this machine gets.
  public static let text =
    "serd \(number) (model format \(ModelDescription.currentFormat), int8 kernels: \(InstructionSet.best.name))"
}
