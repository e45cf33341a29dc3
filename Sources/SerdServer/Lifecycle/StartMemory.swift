import CLinux
import Glibc

/// Gives back the memory that only the start needed: most of the code of program and libraries runs once (reading the
/// command line, the model and libasound's configuration, planning the Fourier transform), and what malloc holds for it
/// is free again.
///
/// Code pages are only taken out of this process; they stay in the kernel's cache, and come back from there when they
/// run again. Segments that can be written to, and those that the dynamic linker has written to, are left alone.
enum StartMemory {
  /// Cost: about a millisecond, and as much again for the code that is then fetched anew. Not for hot paths.
  static func giveBack() {
    malloc_trim(0)
    // While it calls back, no other thread loads or unloads a library.
    _ = serd_visit_loaded_objects(
      { object, _, _ in
        let object = object!.pointee
        for header in UnsafeBufferPointer(start: object.headers, count: Int(object.header_count)) {
          StartMemory.giveBack(header, at: object.address)
        }
        return 0
      }, nil)
  }

  private static func giveBack(_ header: Elf64_Phdr, at address: Elf64_Addr) {
    // The dynamic linker writes only to segments that are writable at first. (To code too where there are text
    // relocations; no compiler makes such by default.)
    guard header.p_type == PT_LOAD, header.p_flags & UInt32(PF_W) == 0 else { return }
    let start = UInt(address + header.p_vaddr)
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let first = start / page * page
    // What cannot be given back (the kernel's own pages) is refused, and stays.
    madvise(UnsafeMutableRawPointer(bitPattern: first), Int(start + UInt(header.p_memsz) - first), MADV_DONTNEED)
  }
}
