import FoundationEssentials
import SerdNetwork

/// Reference values in `Tests/Golden`, computed by TensorFlow and PyTorch (see the README there).
package enum Golden {
  /// Folder of the golden files, found from this source file's place in the tree.
  package static let folder: String = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/" + root + "/Tests/Golden"
  }()

  /// Tensors of `network_{variant}.safetensors`: activations, losses, gradients and Adam steps from PyTorch.
  package static func network(_ variant: String) throws -> Safetensors {
    try Safetensors(parsing: bytes("network_\(variant).safetensors"))
  }

  /// Of the pretrained encoder on a tone of 0.8 s: `mel`, and for some `tokens`, `embedded` and `block1` to `block3`.
  package static func encoderTone() throws -> Safetensors {
    try Safetensors(parsing: bytes("encoder_tone.safetensors"))
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }
}
