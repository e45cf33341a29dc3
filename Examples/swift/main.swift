// Prints emotions as the serd daemon hears them: begin or end, label, confidence, start time.
//
//   swift run --package-path Examples/swift emotions [SOCKET]
//
// Connects again when the daemon restarts. What it reads is explained in Sources/SerdProtocol/PROTOCOL.md.
import Glibc
import SerdClient
import SerdProtocol

let path = EventSocketPath.forClient(CommandLine.arguments.dropFirst().first)
var follower = try? EventFollower(path: path)
while follower == nil {  // No daemon yet. Once there was one, the follower connects again by itself.
  sleep(1)
  follower = try? EventFollower(path: path)
}
while let follower {
  for case .line(let line) in follower.next(milliseconds: -1) {
    guard case .event(.emotion(let emotion)) = line.message else { continue }
    print(emotion.phase.rawValue, emotion.label, emotion.confidence, emotion.start.utc)
    fflush(nil)
  }
}
