import SerdSystem

/// One link of an Ogg file: from the page that begins its streams to where others begin.
///
/// Internet radio begins a link with each title, and files are joined by writing one behind the other. libsndfile reads
/// the first alone, and says nothing of pages that are missing.
struct OggLink {
  let range: Range<Int>
  /// Whether the last page says that it is the last.
  let isFinished: Bool
  /// Pages that are missing between others, by their numbers.
  let missingPages: Int

  /// The link at a place of a file; nil if there is no page.
  init?(_ input: InputFile, at start: Int) throws(Errno) {
    guard let size = input.size, var page = try OggPage(input, at: start) else { return nil }
    var isBeginning = true
    var isFinished = false
    var missing = 0
    var numbers: [Int: Int] = [:]
    var end = page.range.upperBound
    while true {
      if !page.isFirst { isBeginning = false }
      if let last = numbers[page.stream], page.number > last + 1 { missing += page.number - last - 1 }
      numbers[page.stream] = page.number
      isFinished = page.isLast
      end = page.range.upperBound
      guard let next = try OggPage(input, after: end) else { break }
      if next.isFirst && !isBeginning { break }
      page = next
    }
    // A page that is cut counts as missing its end; what lies between links belongs to none.
    range = start..<min(end, size)
    self.isFinished = isFinished && end <= size
    missingPages = missing
  }

  /// Where the next link begins; nil at the end.
  func next(in input: InputFile) throws(Errno) -> Int? { try OggPage(input, after: range.upperBound)?.range.lowerBound }
}

/// The header of an Ogg page.
private struct OggPage {
  let range: Range<Int>
  let stream: Int
  let number: Int
  let isFirst: Bool
  let isLast: Bool

  /// nil if none begins there.
  init?(_ input: InputFile, at place: Int) throws(Errno) {
    let start = try input.look(at: place, 27 + 255)
    guard start.count >= 27, start[..<4].elementsEqual("OggS".utf8), start[4] == 0 else { return nil }
    let header = Bytes(start)
    let segments = Int(start[26])
    let content = start[27...].prefix(segments).reduce(0) { $0 + Int($1) }
    range = place..<place + 27 + segments + content
    stream = header.number(4, at: 14, false)
    number = header.number(4, at: 18, false)
    isFirst = start[5] & 2 != 0
    isLast = start[5] & 4 != 0
  }

  /// The first page from a place on, over whatever is between.
  init?(_ input: InputFile, after place: Int) throws(Errno) {
    let blockSize = 1 << 16
    var place = place
    while true {
      if let page = try OggPage(input, at: place) {
        self = page
        return
      }
      let block = try input.look(at: place, blockSize)
      guard block.count > 4 else { return nil }
      let found = block.indices.dropFirst().dropLast(3).first {
        block[$0] == 0x4F && block[$0...].starts(with: "OggS".utf8)
      }
      place += found ?? block.count - 3
    }
  }
}
