import Foundation
import SerdPipeline

// LivePathProbe MODEL SOUND STAGE HOPS [--trap]: runs stages of the live path, warmed up, for so many hops, and prints
// how often each allocated. `allocation_trap` is called just before and just after the hops that count, so that tools
// can find them in a trace. STAGE: front-end, window (one-shot inference), hop (incremental inference), live (samples
// to probabilities), detection (samples to decisions), encoder (samples to a random encoder's features), microphone
// (device to samples: SOUND is libasound's name of it), or some of these with commas between them. With --trap it stops
// at the first allocation, for a debugger to show who made it.

let arguments = CommandLine.arguments
let stages = arguments.count < 5 ? [] : arguments[3].split(separator: ",").map { Probe.Stage(rawValue: String($0)) }
guard !stages.isEmpty, !stages.contains(nil), let hops = Int(arguments[4]), hops > 0 else {
  FileHandle.standardError.write(
    Data("usage: LivePathProbe MODEL SOUND front-end,window,hop,live,detection,encoder HOPS [--trap]\n".utf8))
  exit(64)
}
let model = try LoadedModel(path: arguments[1]).model
for stage in stages.compactMap({ $0 }) {
  var probe =
    stage == .microphone
    ? try Probe(device: arguments[2], hops: hops)
    : try Probe(model: model, sound: try Probe.samples(ofFile: arguments[2]), stage: stage, hops: hops)
  print("stage=\(stage.rawValue) \(probe.run(trap: arguments.contains("--trap")).text)")
}
