import CMessageDigest

/// SHA-256 (FIPS 180-4) by libmd.
struct SHA256 {
  private var context = SHA2_CTX()

  init() { SHA256Init(&context) }

  mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) }
  }

  /// A string, then a zero byte, so that two strings never read as one.
  mutating func update(_ text: String) { update(Array(text.utf8) + [0]) }

  /// The digest in lower-case hexadecimal digits.
  consuming func hexadecimal() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256Final(&digest, &context)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
