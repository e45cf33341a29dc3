import Foundation
import SerdFeatures

extension TransformKind {
  /// The one of this process: features and evaluation must not differ. `SERD_TRANSFORM`, or the default.
  package static let chosen = name.flatMap(TransformKind.init) ?? .default

  /// What is wrong with `SERD_TRANSFORM`, in a line; nil if nothing is.
  package static var problem: String? {
    guard let name, TransformKind(rawValue: name) == nil else { return nil }
    return "the environment variable \(variable): '\(name)' is not \(expected)"
  }

  private static var name: String? { ProcessInfo.processInfo.environment[variable] }
}
