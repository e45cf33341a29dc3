import Foundation

/// Walks a corpus folder. Only names are looked at; audio is opened by who needs it.
enum CorpusFolder {
  /// All files below `folder`, as paths, sorted; links to files count as files. What is hidden, or in a hidden folder,
  /// is not listed.
  static func files(below folder: String) throws(CorpusError) -> [String] {
    // A link to the corpus is as good as the corpus, but the walk would not follow it.
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue else {
      throw CorpusError(
        .noInput, "there is no corpus folder \(folder)", advice: "give the folder that holds the recordings")
    }
    guard let walk = FileManager.default.enumerator(atPath: root) else {
      throw CorpusError(
        .noInput, "the corpus folder \(folder) cannot be listed", advice: "check its permissions")
    }
    var paths: [String] = []
    while let name = walk.nextObject() as? String {
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
      let exists = FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
      guard !isHidden, exists, !isFolder.boolValue else { continue }
      paths.append(folder + "/" + name)
    }
    return paths.sorted()
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
