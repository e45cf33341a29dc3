import Glibc
import SerdConsole
import SerdSystem

/// Which recordings are meant: files as they are named, and what lies in folders, sorted.
package enum RecordingList {
  /// How names of sound files end that `FileSource` reads, in small letters. What is named itself may be called
  /// anything.
  static let endings: Set<String> = [
    "aif", "aifc", "aiff", "au", "avr", "bwf", "caf", "flac", "iff", "mp1", "mp2", "mp3", "nist", "oga", "ogg", "opus",
    "paf", "pvf", "rf64", "sf", "snd", "sph", "svx", "voc", "w64", "wav", "wave", "wve",
  ]

  /// The most that a list of names may have, in bytes.
  private static let largestList = 1 << 30

  /// All recordings, in the order of `paths`; those of a folder, and of folders in it, by the bytes of their names. A
  /// folder is visited once, whatever links lead to it. Names that begin with a dot are left out in folders.
  ///
  /// A name that does not exist is in the list: it is told when its turn comes.
  package static func recordings(in paths: [String]) throws(RecordingError) -> [String] {
    var found: [String] = []
    var visited: Set<FileIdentity> = []
    for path in paths {
      guard let status = status(path), status.isFolder else {
        found.append(path)
        continue
      }
      let before = found.count
      try walk(path, status, &visited, &found)
      if found.count == before, paths.count == 1 {
        throw RecordingError(
          .noInput, at: path, "has no recording in it",
          advice: "name a file, or a folder with *.wav, *.flac, *.mp3 or the like")
      }
    }
    return found
  }

  /// The names in a list, one a line or each with a NUL at its end; `-` is standard input.
  package static func names(inList path: String, separator: UInt8) throws(RecordingError) -> [String] {
    do throws(Errno) {
      let file = path == "-" ? try FileDescriptor.duplicate(of: STDIN_FILENO) : try FileDescriptor.reading(path)
      return try file.rest(largest: largestList).split(separator: separator).map { FileName.text($0) }
    } catch {
      let place = path == "-" ? "standard input" : path
      throw RecordingError(
        .noInput, at: place, "cannot be read: \(error.words)", advice: "name a file with the names of recordings")
    }
  }

  private static func walk(
    _ folder: String, _ status: stat, _ visited: inout Set<FileIdentity>, _ found: inout [String]
  ) throws(RecordingError) {
    guard visited.insert(FileIdentity(status)).inserted else { return }
    guard let names = bytesOfNames(inFolder: folder) else {
      throw RecordingError(
        .noInput, at: folder, "cannot be opened: \(Errno.latest.words)", advice: "change its permissions or the user")
    }
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) where name.first != UInt8(ascii: ".") {
      let path = (folder.hasSuffix("/") ? folder : folder + "/") + FileName.text(name)
      guard let status = Self.status(path) else { continue }
      if status.isFolder {
        try walk(path, status, &visited, &found)
      } else if hasSoundEnding(path) {
        found.append(path)
      }
    }
  }

  private static func hasSoundEnding(_ path: String) -> Bool {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return false }
    return endings.contains(path[path.index(after: dot)...].lowercased())
  }

  /// Of what a link leads to; nil if there is nothing.
  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(FileName.cString(path), &status) == 0 ? status : nil
  }
}

/// What tells a folder from all others.
private struct FileIdentity: Hashable {
  let device: UInt
  let number: UInt

  init(_ status: stat) {
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
  }
}

extension stat {
  fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
