import Glibc

/// All of a file. `largest` bounds what is read: EFBIG says that there is more.
package func readFile(_ path: String, largest: Int) throws(Errno) -> [UInt8] {
  try FileDescriptor.reading(path).rest(largest: largest)
}

/// Writes all of `bytes`, however many calls it takes. After an error part of them may be written.
package func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws(Errno) {
  var rest = ContiguousArray(bytes)[...]
  while !rest.isEmpty {
    let count = try retrying { rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
    rest = rest.dropFirst(count)
  }
}

/// The names in a folder, without `.` and `..`, in no order; none if it cannot be read. Names that are no UTF-8 are
/// repaired, and so no longer those of the files: `bytesOfNames` has them.
package func names(inFolder path: String) -> [String] {
  (bytesOfNames(inFolder: path) ?? []).map { String(decoding: $0, as: UTF8.self) }
}

/// The same as they are in the file system, which takes any bytes; nil if the folder cannot be read.
package func bytesOfNames(inFolder path: String) -> [[UInt8]]? {
  guard let listing = opendir(FileName.cString(path)) else { return nil }
  defer { closedir(listing) }
  var names: [[UInt8]] = []
  while let entry = readdir(listing) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      let start = UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)
      return Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
    }
    if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] { names.append(name) }
  }
  return names
}
