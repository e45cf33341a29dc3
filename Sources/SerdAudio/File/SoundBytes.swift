import Glibc
import SerdSystem

/// What a decoder reads of an input: a header, as it should be, then a part of the input itself.
///
/// It is a file to libsndfile, with a length and a place in it. A stream has no length: it is a very long file that
/// ends early. Used from one thread.
final class SoundBytes {
  let input: InputFile
  /// Goes before the body; empty where the body has a header of its own.
  let header: [UInt8]
  /// Where the body is in the input.
  let body: Range<Int>
  /// Where the body should end, if it is told; whether it does is seen when a stream comes there.
  private let statedEnd: Int?
  private(set) var end: Ending
  /// The system's error of reading, after which nothing more is read.
  private(set) var failure: Errno?
  /// How much of the body was read, up to the farthest place.
  private(set) var bodyRead = 0
  private var place = 0

  enum Ending {
    /// At the end of `body`, or of the input.
    case known
    /// A stream, which has not come to `statedEnd` yet.
    case open
    /// A stream ends at `statedEnd`.
    case confirmed
    /// A stream goes on behind `statedEnd`.
    case passed
  }

  /// Longer than any stream, and short enough to be counted in.
  static let endless = 1 << 50

  /// - Parameters:
  ///   - body: of the input; to its end if nil.
  ///   - statedEnd: where a stream's body ends by its header, which may never have been finished.
  init(_ input: InputFile, header: [UInt8] = [], body: Range<Int>? = nil, statedEnd: Int? = nil) {
    self.input = input
    self.header = header
    self.body = body ?? 0..<(input.size ?? SoundBytes.endless)
    self.statedEnd = statedEnd
    end = statedEnd == nil ? .known : .open
  }

  var count: Int { header.count + body.count }

  /// Whether the input went on behind a place where it should have ended.
  func isPast(_ stated: Int) -> Bool { input.isStream ? end == .passed : body.upperBound > stated }

  /// Moves to a place, as lseek(2) does; returns it.
  func seek(_ offset: Int, whence: Int32) -> Int {
    let start = whence == SEEK_CUR ? place : whence == SEEK_END ? count : 0
    // A damaged header may ask for any place.
    let (sum, isTooFar) = start.addingReportingOverflow(offset)
    place = isTooFar ? count : min(max(0, sum), SoundBytes.endless << 1)
    return place
  }

  var position: Int { place }

  /// Fills the buffer; returns how many bytes there were.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let known = place < header.count ? header[place...].prefix(buffer.count) : []
    buffer.copyBytes(from: known)
    place += known.count
    guard known.count < buffer.count, failure == nil else { return known.count }
    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[known.count...].prefix(max(0, count - place)))
    do throws(Errno) {
      return known.count + (try readBody(into: rest))
    } catch {
      failure = error
      return known.count
    }
  }

  private func readBody(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    var filled = 0
    while filled < buffer.count {
      let here = body.lowerBound + place - header.count
      var limit = buffer.count - filled
      if let statedEnd, end == .open {
        if here >= statedEnd { end = try RIFFWave.isOver(input, at: statedEnd) ? .confirmed : .passed }
        if end == .open { limit = min(limit, statedEnd - here) }
      }
      if end == .confirmed { break }
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + limit])
      let got = try input.read(at: here, into: part)
      filled += got
      place += got
      if got < limit { break }
    }
    if filled > 0 { bodyRead = max(bodyRead, place - header.count) }
    return filled
  }
}
