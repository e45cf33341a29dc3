import Glibc
import SerdSystem

/// The word that lets a browser of another machine in. It is made once, kept in a file, typed in once per browser, and
/// then kept there in a cookie.
package enum Token {
  /// Without letters that look like others. 25 of them have 123 bits.
  private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
  private static let length = 25

  /// The token of a file; one is made if there is no file.
  package static func readOrMake(at path: String) throws(WebError) -> String {
    if let token = try read(at: path) { return token }
    let token = make()
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    if !folder.isEmpty { mkdir(folder, 0o700) }
    do throws(Errno) { try AtomicFile.write(Array("\(token)\n".utf8), to: path, mode: 0o600) } catch {
      throw WebError(.configuration, at: path, "cannot write the token there: \(error.words)")
    }
    return token
  }

  /// The token of a file; nil if there is none.
  package static func read(at path: String) throws(WebError) -> String? {
    do throws(Errno) {
      let text = String(decoding: try readFile(path, largest: 4096), as: UTF8.self)
      let token = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      guard token.utf8.count >= 16, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3B }) else {
        throw Errno(code: EINVAL)
      }
      return token
    } catch {
      switch error.code {
      case ENOENT: return nil
      case EINVAL:
        throw WebError(
          .configuration, at: path, "is no token", advice: "16 printable characters or more; or remove it: one is made")
      default: throw WebError(.configuration, at: path, "cannot read the token: \(error.words)")
      }
    }
  }

  /// In groups, to be typed: `abcde-fghjk-…`.
  private static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    let token = (0..<length).map { _ in letters.randomElement(using: &generator)! }
    return stride(from: 0, to: length, by: 5).map { String(token[$0..<$0 + 5]) }.joined(separator: "-")
  }

  /// Compares without telling by the time it takes how much is right.
  static func isEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
  }
}
