import Glibc

extension Double {
  /// With so many digits after the point: `0.796` with one is `0.8`.
  package func decimals(_ places: Int) -> String {
    withVaList([self]) { arguments in
      var text = [CChar](repeating: 0, count: 400)  // the longest finite number has 309 digits before the point
      let length = vsnprintf(&text, text.count, "%.\(max(0, min(places, 80)))f", arguments)
      return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// A fraction in percent, with one digit after the point: `0.796` as `79.6`.
  package var percent: String { (self * 100).decimals(1) }
}
