import Foundation
import Glibc
import SerdSystem
import SerdTestKit
import Testing

/// Whole files: read with a bound, written in full, replaced at once.
@Suite struct FilesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func code(_ body: () throws(Errno) -> Void) -> Int32? {
    do throws(Errno) {
      try body()
      return nil
    } catch {
      return error.code
    }
  }

  @Test("A file is read to its end, whatever its length", arguments: [0, 1, 4095, 4096, 4097, 100_000])
  func wholeFiles(length: Int) throws {
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try folder.write("file", bytes)
    #expect(try readFile(path, largest: 100_000) == bytes)
  }

  @Test("A file of just the bound is read, and one byte more is refused as too large")
  func bound() throws {
    let path = try folder.write("file", [UInt8](repeating: 7, count: 5000))
    #expect(try readFile(path, largest: 5000).count == 5000)
    #expect(code { () throws(Errno) in _ = try readFile(path, largest: 4999) } == EFBIG)
  }

  @Test("A file of the kernel's, which states no size, is read to its end, and the bound holds for it, too")
  func filesWithoutASize() throws {
    let maps = try readFile("/proc/self/maps", largest: 1 << 24)
    #expect(maps.count > 4096 && maps.last == UInt8(ascii: "\n"))
    #expect(code { () throws(Errno) in _ = try readFile("/proc/self/maps", largest: 100) } == EFBIG)
  }

  @Test("What is missing, and a folder, are told apart by the system's number")
  func whatCannotBeRead() {
    #expect(code { () throws(Errno) in _ = try readFile("/none/such", largest: 10) } == ENOENT)
    #expect(code { () throws(Errno) in _ = try readFile("/", largest: 1 << 20) } == EISDIR)
  }

  @Test("All bytes go through a pipe that takes a part at a time")
  func writingInParts() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let reader = FileDescriptor(owning: ends[0])
    let bytes = [UInt8](repeating: 3, count: 300_000)
    let writing = ends[1]
    let thread = try WorkThread(name: "writer") {
      try? writeAll(bytes, to: writing)
      close(writing)
    }
    #expect(try reader.rest(largest: 1 << 20) == bytes)
    thread.join()
  }

  @Test("A full disk is ENOSPC")
  func aFullDisk() throws {
    let full = FileDescriptor(owning: open("/dev/full", O_WRONLY))
    #expect(code { () throws(Errno) in try writeAll([1, 2, 3], to: full.number) } == ENOSPC)
  }

  @Test("A file is replaced as a whole, with the mode that was asked for, and nothing is left beside it")
  func replacing() throws {
    let path = try folder.write("file", Array("old".utf8))
    try AtomicFile.write("new".utf8, to: path, mode: 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(names(inFolder: folder.path) == ["file"])
  }

  @Test("A file that cannot be replaced stays as it was")
  func failedReplacing() throws {
    try FileManager.default.createDirectory(atPath: folder.path + "/taken/inside", withIntermediateDirectories: true)
    #expect(code { () throws(Errno) in try AtomicFile.write("new".utf8, to: folder.path + "/taken") } != nil)
    #expect(names(inFolder: folder.path) == ["taken"], "the temporary file is gone")
  }
}
