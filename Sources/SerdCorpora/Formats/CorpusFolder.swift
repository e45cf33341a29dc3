import Foundation
import Glibc
import SerdSystem

/// Walks a corpus folder. Only names are looked at; audio is opened by who needs it.
enum CorpusFolder {
  /// All files below `folder`, as paths, sorted; links to files count as files. What is hidden, or in a hidden folder,
  /// is not listed; what else cannot be used is left out by name.
  static func files(below folder: String, leavingOut draft: inout CorpusDraft) throws(CorpusError) -> [String] {
    // A link to the corpus is as good as the corpus.
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue else {
      throw CorpusError(
        .noInput, "there is no corpus folder \(folder)", advice: "give the folder that holds the recordings")
    }
    guard let names = bytesOfNames(inFolder: root) else {
      throw CorpusError(
        .noInput, "the corpus folder \(folder) cannot be listed", advice: "check its permissions")
    }
    var paths: [String] = []
    walk(names, in: folder, to: &paths, leavingOut: &draft)
    return paths.sorted()
  }

  private static func walk(
    _ names: [[UInt8]], in folder: String, to paths: inout [String], leavingOut draft: inout CorpusDraft
  ) {
    for bytes in names where bytes.first != UInt8(ascii: ".") {
      guard let name = String(validating: bytes, as: UTF8.self) else {
        draft.leaveOut("\(folder)/\(escaped(bytes))", "its name is no UTF-8; rename it, as with convmv")
        continue
      }
      let path = "\(folder)/\(name)"
      var (entry, target) = (stat(), stat())
      guard lstat(path, &entry) == 0, stat(path, &target) == 0 else {
        draft.leaveOut(path, "a link to something that is not there")
        continue
      }
      let isLink = entry.st_mode & S_IFMT == S_IFLNK
      switch target.st_mode & S_IFMT {
      case S_IFDIR where isLink: draft.leaveOut(path, "a link to a folder, which is not followed")
      case S_IFDIR:
        guard let names = bytesOfNames(inFolder: path) else {
          draft.leaveOut(path, "a folder that cannot be listed")
          continue
        }
        walk(names, in: path, to: &paths, leavingOut: &draft)
      default: paths.append(path)
      }
    }
  }

  /// A name as it can be printed: bytes that are no printable ASCII as \xE4.
  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      (0x20...0x7E).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// File name without folder and extension.
  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex))
  }

  /// Whether a file's name says that it holds sound in a format that libsndfile reads. Corpora also hold notes, label
  /// files and pictures under the names of their recordings.
  static func isSound(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: ".") else { return false }
    return soundExtensions.contains(path[path.index(after: dot)...].lowercased())
  }

  private static let soundExtensions: Set<String> = [
    "wav", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc", "au", "snd", "caf", "w64", "rf64", "sph", "nist",
  ]
}
