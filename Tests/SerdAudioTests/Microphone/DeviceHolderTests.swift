import Foundation
import SerdAudio
import SerdTestKit
import Testing

/// Who holds a device, read from a /proc that is laid out as the kernel's.
@Suite struct DeviceHolderTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
    try write("asound/card0/pcm0c/sub0/status", "closed\n")
    try write("asound/card1/pcm0p/sub0/status", "state: RUNNING\nowner_pid   : 77\n")
    try write("asound/card1/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 812\ntrigger_time: 1.2\n")
    try write("asound/card1/pcm1c/sub0/status", "closed\n")
    try write("812/comm", "arecord\n")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/asound/Mic", withDestinationPath: scratch.path + "/asound/card1")
  }

  private func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(scratch.path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test(
    "The capture device's owner is named, of a card by name or of the only one in use",
    arguments: ["plughw:CARD=Mic,DEV=0", "hw:CARD=Mic", "default", "hw:1,0"])
  func found(device: String) {
    #expect(DeviceHolder.find(device, root: scratch.path)?.description == "arecord (process 812)")
  }

  @Test(
    "No owner is named where none is, or where there is a choice", arguments: ["hw:CARD=Mic,DEV=1", "hw:CARD=Other"])
  func notFound(device: String) throws {
    #expect(DeviceHolder.find(device, root: scratch.path) == nil)
    try write("asound/card0/pcm0c/sub0/status", "owner_pid   : 900\n")
    #expect(DeviceHolder.find("default", root: scratch.path) == nil)
  }

  @Test("An owner that may not be seen still has a number")
  func hidden() throws {
    try FileManager.default.removeItem(atPath: "\(scratch.path)/812")
    #expect(DeviceHolder.find("default", root: scratch.path)?.description == "another program (process 812)")
  }
}
