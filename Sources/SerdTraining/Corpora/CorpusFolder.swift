import Foundation

/// Walks a corpus folder. Only names are looked at; audio is opened by who needs it.
enum CorpusFolder {
  /// All files below `folder`, as paths, sorted. Hidden files are not listed.
  static func files(below folder: String) throws(TrainingError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw TrainingError("there is no corpus folder \(folder)", advice: "give the folder that holds the recordings")
    }
    guard let walk = FileManager.default.enumerator(atPath: folder) else {
      throw TrainingError("the corpus folder \(folder) cannot be listed", advice: "check its permissions")
    }
    var paths: [String] = []
    while let name = walk.nextObject() as? String {
      let isHidden = name.split(separator: "/").last?.hasPrefix(".") ?? true
      guard !isHidden, walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      paths.append(folder + "/" + name)
    }
    return paths.sorted()
  }

  /// File name without folder and extension.
  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex))
  }
}
