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

/// The names in a folder, without `.` and `..`, in no order; none if it cannot be read.
package func names(inFolder path: String) -> [String] {
  guard let listing = opendir(path) else { return [] }
  defer { closedir(listing) }
  var names: [String] = []
  while let entry = readdir(listing) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
