import SerdSystem

/// The program that has a capture device open, as the kernel tells in /proc/asound.
package struct DeviceHolder: Equatable, CustomStringConvertible {
  package let process: Int
  /// Its short name; nil if it may not be seen.
  package let program: String?

  /// As "arecord (process 812)".
  package var description: String { "\(program ?? "another program") (process \(process))" }

  /// The holder of a device named with `CARD=` and perhaps `DEV=`; without a card in the name, the holder of any
  /// capture device if there is only one. nil if none is found, or more.
  ///
  /// - Parameter root: where proc(5) is mounted.
  package static func find(_ device: String, root: String = "/proc") -> DeviceHolder? {
    let card = value(of: "CARD", in: device)
    let number = value(of: "DEV", in: device)
    let cards = card.map { [$0] } ?? names(inFolder: "\(root)/asound").filter { isNumbered($0, "card", "") }
    var found: Set<Int> = []
    for folder in cards.map({ "\(root)/asound/\($0)" }) {
      let devices = number.map { ["pcm\($0)c"] } ?? names(inFolder: folder).filter { isNumbered($0, "pcm", "c") }
      for device in devices {
        for part in names(inFolder: "\(folder)/\(device)") where isNumbered(part, "sub", "") {
          if let owner = owner(status: text("\(folder)/\(device)/\(part)/status")) { found.insert(owner) }
        }
      }
    }
    guard found.count == 1, let process = found.first else { return nil }
    let name = text("\(root)/\(process)/comm").split(separator: "\n").first
    return DeviceHolder(process: process, program: name.map(String.init))
  }

  /// `Mic` of `plughw:CARD=Mic,DEV=0`.
  private static func value(of key: String, in device: String) -> String? {
    guard let arguments = device.split(separator: ":", maxSplits: 1).dropFirst().first else { return nil }
    let pair = arguments.split(separator: ",").first { $0.hasPrefix("\(key)=") }
    return pair.map { String($0.dropFirst(key.count + 1)) }
  }

  private static func owner(status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("owner_pid") }
    return line?.split(separator: " ").last.flatMap { Int($0) }
  }

  private static func isNumbered(_ name: String, _ prefix: String, _ suffix: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    return Int(name.dropFirst(prefix.count).dropLast(suffix.count)) != nil
  }

  /// A small file; empty if it cannot be read.
  private static func text(_ path: String) -> String {
    String(decoding: (try? readFile(path, largest: 4096)) ?? [], as: UTF8.self)
  }
}
