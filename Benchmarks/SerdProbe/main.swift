import Foundation

// SerdProbe WHAT …: lets the tools that measure detection (tools/compare-with-webrtcvad, tools/measure-detection) run
// its parts on sound of their own making. Reads stdin, writes stdout; numbers are little-endian, as the machine has
// them.
//
//   evidence                  sound → SpeechEvidence, 24 floats a frame; NaN where it is too quiet to look
//   gate SHIFT…               sound → a byte per frame and shift: is the gate open, with both thresholds moved by
//   SHIFT? windows MODEL             sound → a line per hop: end level ratio novelty [probabilities] track LABELS
//   KEY=VALUE…   such lines → a line per decision files MODEL               paths → a line per recording: windows with
//   speech, windows

let usage = "usage: SerdProbe evidence | gate SHIFT… | windows MODEL | track LABELS [KEY=VALUE…] | files MODEL"
let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch (arguments.first, arguments.dropFirst()) {
  case ("evidence", _): probeEvidence()
  case ("gate", let shifts) where shifts.allSatisfy({ Float($0) != nil }) && !shifts.isEmpty:
    probeGate(shifts: shifts.map { Float($0)! })
  case ("files", let paths) where paths.count == 1: try probeFiles(model: paths.first!)
  case ("windows", let paths) where paths.count == 1: try probeWindows(model: paths.first!)
  case ("track", let words) where !words.isEmpty:
    try probeTracker(labels: words.first!.split(separator: ",").map(String.init), words: Array(words.dropFirst()))
  default:
    FileHandle.standardError.write(Data((usage + "\n").utf8))
    exit(64)
  }
} catch {
  FileHandle.standardError.write(Data("SerdProbe: \(error)\n".utf8))
  exit(70)
}
