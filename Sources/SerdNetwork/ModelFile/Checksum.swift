/// A checksum over everything in a model file, kept in its metadata: a flipped bit in a weight would otherwise only
/// make the answers a little wrong.
extension Safetensors {
  static let checksumKey = "sha256"

  /// Hash of all metadata but the checksum itself, and of all tensors, in the order of their names.
  func checksum() -> String {
    var hash = SHA256()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != Self.checksumKey {
      hash.update(key)
      hash.update(value)
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      hash.update(name)
      hash.update("\(tensor.dtype.rawValue) \(tensor.shape)")
      hash.update(tensor.bytes)
    }
    return hash.hexadecimal()
  }

  /// Bytes of the file with its checksum.
  package mutating func sealed() -> [UInt8] {
    metadata[Self.checksumKey] = checksum()
    return serialised()
  }

  /// Fails if the content is not what was sealed. A file without a checksum (float weights from elsewhere) passes if
  /// allowed.
  package func verify(checksumRequired: Bool) throws(ModelFileError) {
    guard let stored = metadata[Self.checksumKey] else {
      if checksumRequired { throw ModelFileError("the file has no checksum") }
      return
    }
    guard stored == checksum() else {
      throw ModelFileError("the file is damaged: its content does not match its checksum")
    }
  }
}
