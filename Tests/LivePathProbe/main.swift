import Foundation

// LivePathProbe MODEL SOUND STAGE HOPS [--trap]: runs one stage of the live path, warmed up, for so many hops, and prints how often it
// allocated. Run under an emulator with two numbers of hops, the difference is the cost of a hop.
// STAGE: front-end, window (one-shot inference), hop (incremental inference), live (all of it). With --trap it stops at the first
// allocation, for a debugger to show who made it.

let arguments = CommandLine.arguments
guard arguments.count >= 5, let stage = Probe.Stage(rawValue: arguments[3]), let hops = Int(arguments[4]) else {
  FileHandle.standardError.write(
    Data("usage: LivePathProbe MODEL SOUND front-end|window|hop|live HOPS [--trap]\n".utf8))
  exit(64)
}
var probe = try Probe(model: arguments[1], sound: arguments[2], stage: stage)
print(probe.run(hops: hops, trap: arguments.contains("--trap")).text)
