/// Finds what a user probably meant: the known name with the fewest edits (Levenshtein 1966) from a misspelt one, else
/// the only one that begins like it ("happy", "happiness").
package enum NearestName {
  /// The nearest of `names`. One that differs by more than three edits, or by a third of its length, is not near unless
  /// it begins with the same three letters as no other does. Capitals do not count.
  package static func of(_ name: String, in names: [String]) -> String? {
    let wanted = Array(name.lowercased().utf8)
    let best = names.map { ($0, distance(wanted, Array($0.lowercased().utf8))) }.min { $0.1 < $1.1 }
    if let (nearest, edits) = best, edits <= min(3, (nearest.utf8.count + 2) / 3) { return nearest }
    let alike = names.filter { wanted.count >= 3 && $0.lowercased().utf8.starts(with: wanted.prefix(3)) }
    return alike.count == 1 ? alike[0] : nil
  }

  /// "; did you mean 'x'?", or nothing.
  package static func suggestion(for name: String, in names: [String]) -> String {
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
