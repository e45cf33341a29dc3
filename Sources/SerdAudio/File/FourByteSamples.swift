import SerdSystem

/// Samples of 24 bits in 4 bytes, as `arecord -f S24_LE` writes them.
///
/// The standard says that the upper three bytes hold the sample; sound cards, and programs that copy from them, fill
/// the lower three, and leave the sign or anything in the upper one. Both have the same header. So the samples decide:
/// where the lowest byte of each is zero, and the upper one is more than a sign, the upper three hold it. Both are then
/// read as 32 bits; the lower ones by starting a byte early, so that each sample moves up by one.
struct FourByteSamples {
  /// The content of the chunk "fmt " for 32 bits.
  let format: [UInt8]
  /// What goes between header and samples, so that they move up.
  let lead: [UInt8]

  /// nil if the samples are of another kind.
  init?(_ format: [UInt8], in input: InputFile, at dataStart: Int) throws(Errno) {
    let header = Bytes(format)
    let (encoding, bits) = (header.number(2, at: 0, false), header.number(2, at: 14, false))
    let size = header.number(2, at: 12, false)
    guard [1, 0xFFFE].contains(encoding), (17...24).contains(bits), size == 4 * header.number(2, at: 2, false) else {
      return nil
    }
    self.format = Array(format[..<14]) + Bytes.little(32, 2) + Array(format[16...])
    lead = try FourByteSamples.areUpper(input, dataStart) ? [] : [0]
  }

  /// Whether the upper bytes hold the samples. Silence says nothing, so up to 1 MiB is looked at.
  private static func areUpper(_ input: InputFile, _ dataStart: Int) throws(Errno) -> Bool {
    var count = 1 << 14
    while true {
      let bytes = try input.look(at: dataStart, count)
      let samples = stride(from: 0, to: bytes.count - 3, by: 4)
      let canBeUpper = samples.allSatisfy { bytes[$0] == 0 }
      let canBeLower =
        samples.allSatisfy { bytes[$0 + 3] == 0 }
        || samples.allSatisfy { bytes[$0 + 3] == (bytes[$0 + 2] < 0x80 ? 0 : 0xFF) }
      if canBeUpper != canBeLower { return canBeUpper }
      if !canBeUpper || bytes.count < count || count >= 1 << 20 { return false }
      count *= 4
    }
  }
}
