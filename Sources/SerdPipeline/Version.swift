import SerdFeatures
import SerdNetwork

/// The program's version, as `serd --version` prints it.
package enum Version {
  /// Of the program.
  package static let number = "0.1.0"
  /// Name, version, model format, whether FFTW is in this build, and the int8 kernels that this machine gets.
  package static let text = """
    serd \(number) (model format \(ModelDescription.formats.upperBound), \(TransformKind.hasFFTW ? "with" : "without") FFTW, \
    int8 kernels: \(InstructionSet.best.name))
    """
}
