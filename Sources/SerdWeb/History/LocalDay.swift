import Glibc

/// A day of the machine's time zone, in milliseconds since 1970. It has 23 to 25 hours.
package struct LocalDay {
  package let start: Int64
  package let end: Int64

  /// Of `2026-03-01`; nil for what is no day.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = Int32(parts[0]), let month = Int32(parts[1]),
      let day = Int32(parts[2]), (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    func midnight(_ day: Int32) -> (Int64, tm) {
      var civil = tm()
      (civil.tm_year, civil.tm_mon, civil.tm_mday, civil.tm_isdst) = (year - 1900, month - 1, day, -1)
      return (Int64(mktime(&civil)) * 1000, civil)
    }
    let (start, civil) = midnight(day)
    // There is no 30 February.
    guard civil.tm_mday == day else { return nil }
    self.start = start
    end = midnight(day + 1).0
  }
}
