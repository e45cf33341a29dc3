/// Finds what a user probably meant: the known name with the fewest edits (Levenshtein 1966) from a misspelt one.
package enum NearestName {
  /// The nearest of `names`, or nil if none is within three edits and a third of its length.
  static func of(_ name: String, in names: [String]) -> String? {
    let best = names.map { ($0, distance(Array(name.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
    guard let (nearest, edits) = best, edits <= min(3, (nearest.utf8.count + 2) / 3) else { return nil }
    return nearest
  }

  /// "; did you mean 'x'?", or nothing.
  static func suggestion(for name: String, in names: [String]) -> String {
    of(name, in: names).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Insertions, deletions and substitutions between two names. Cost: the product of their lengths.
  package static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}
