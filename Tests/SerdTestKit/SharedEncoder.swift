import Foundation
import SerdNetwork

/// The weights of the pretrained encoder and the golden values of its blocks. They are no part of the tree: 20 MB.
package enum SharedEncoder {
  /// The folder that holds `encoder.safetensors` and `golden.safetensors`: what the environment variable SERD_ENCODER
  /// names, else `../shared/encoder` beside the package, else nil.
  package static let folder: String? = {
    if let named = getenv("SERD_ENCODER") { return String(cString: named) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let beside = "/" + root + "/../shared/encoder"
    return access(beside, R_OK) == 0 ? beside : nil
  }()

  /// Why a test that needs it is skipped.
  package static let absence: String = "no encoder: set SERD_ENCODER to the folder of encoder.safetensors"

  /// Bytes of a file of `folder`.
  package static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(name)")))
  }

  /// Golden values: `noise.samples`, `noise.mel`, `noise.embedded`, `noise.block1`…
  package static func golden() throws -> Safetensors { try Safetensors(parsing: bytes("golden.safetensors")) }
}
