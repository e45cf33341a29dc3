import CMPG123
import Glibc

/// The functions of libmpg123 that are used, taken from the library when the first MP3 is opened.
///
/// libsndfile decodes MP3 by the same library, but ends where it guesses that a file of variable bit rate ends, and
/// lets the library write to stderr. The library comes with libsndfile.
struct MPEGLibrary: Sendable {
  typealias New = @convention(c) (UnsafePointer<CChar>?, UnsafeMutablePointer<Int32>?) -> OpaquePointer?
  typealias Delete = @convention(c) (OpaquePointer?) -> Void
  typealias Parameter = @convention(c) (OpaquePointer?, UInt32, Int, Double) -> Int32
  typealias Act = @convention(c) (OpaquePointer?) -> Int32
  typealias Decode =
    @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?)
    ->
    Int32
  typealias Format =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?
    )
    -> Int32
  typealias Length = @convention(c) (OpaquePointer?) -> Int
  typealias ErrorText = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>

  /// mpg123_new
  let new: New
  /// mpg123_delete
  let delete: Delete
  /// mpg123_param
  let parameter: Parameter
  /// mpg123_open_feed
  let openFeed: Act
  /// mpg123_decode
  let decode: Decode
  /// mpg123_getformat
  let format: Format
  /// mpg123_length
  let length: Length
  /// mpg123_strerror
  let errorText: ErrorText

  /// The library's file; its number changes with its binary interface only.
  static let fileName = "libmpg123.so.0"

  /// The library, loaded once; an error if it is not installed.
  static func loaded() throws(AudioError) -> MPEGLibrary { try result.get() }

  private static let result: Result<MPEGLibrary, AudioError> = SharedLibrary.open(
    fileName, toRead: "MP3 files", package: "libmpg123-0"
  ).map { library in
    MPEGLibrary(
      new: library.function("mpg123_new"), delete: library.function("mpg123_delete"),
      parameter: library.function("mpg123_param"), openFeed: library.function("mpg123_open_feed"),
      decode: library.function("mpg123_decode"), format: library.function("mpg123_getformat"),
      length: library.function("mpg123_length"), errorText: library.function("mpg123_strerror"))
  }
}
