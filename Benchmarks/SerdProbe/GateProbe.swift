import Foundation
import SerdDetection
import SerdFeatures

/// Sound on stdin: 16 kHz mono 32-bit floats, to the end, in chunks.
func readSound(_ body: (UnsafeBufferPointer<Float>) -> Void) {
  while true {
    var chunk = Data()
    while chunk.count < 1 << 18 {
      let more = FileHandle.standardInput.readData(ofLength: (1 << 18) - chunk.count)
      if more.isEmpty { break }
      chunk.append(more)
    }
    if chunk.isEmpty { return }
    let samples = chunk.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    samples.withUnsafeBufferPointer(body)
  }
}

func write(_ bytes: UnsafeRawBufferPointer) { FileHandle.standardOutput.write(Data(bytes)) }

private func eachFrame(_ body: (Float, UnsafeBufferPointer<Float>) -> Void) {
  let stream = FeatureStream(mfcc: MFCC(settings: .report), windowFrames: 1)
  readSound { chunk in
    stream.push(chunk) { frame in
      body(frame.level, UnsafeBufferPointer(start: frame.coefficients, count: stream.settings.coefficients))
    }
  }
}

func probeEvidence() {
  var evidence = SpeechEvidence()
  var output: [Float] = []
  eachFrame { level, cepstrum in
    let isHeard = SpeechEvidence.isHeard(level: level)
    if isHeard { evidence.update(level: level, cepstrum: cepstrum) }
    output += isHeard ? evidence.values : Array(repeating: .nan, count: SpeechEvidence.count)
  }
  output.withUnsafeBytes(write)
}

func probeGate(shifts: [Float]) {
  var gates = shifts.map { shift in
    var settings = SpeechGate.Settings()
    settings.openScore += shift
    settings.closeScore += shift
    return SpeechGate(settings: settings)
  }
  var output: [UInt8] = []
  eachFrame { level, cepstrum in
    for i in gates.indices { output.append(gates[i].update(level: level, cepstrum: cepstrum) ? 1 : 0) }
  }
  output.withUnsafeBytes(write)
}
