import SerdFeatures
import SerdNetwork

extension Recipe {
  /// What cannot be trained, or nil: values of a file that would end a training with a crash instead of a message.
  func defect() -> String? {
    guard !name.isEmpty else { return "it has no name" }
    if frontEnd.adaptation != nil, augmentation.speakerTransfer != nil {
      return "it adapts to the speaker and takes other speakers' voices: one undoes the other"
    }
    if frontEnd.adaptation == nil, augmentation.oneEmotionShare != nil {
      return "it has samples after one emotion of their speaker, and does not adapt to the speaker"
    }
    var frontEnd = frontEnd
    frontEnd.standardisation = nil
    frontEnd.adaptation = nil
    if let defect = frontEnd.defect() { return "front end: \(defect)" }
    guard (32...1024).contains(windowFrames) else { return "windows of \(windowFrames) frames" }
    guard (1...100_000).contains(epochs), (1...4096).contains(batchSize) else {
      return "\(epochs) epochs in batches of \(batchSize)"
    }
    guard (0..<1).contains(labelSmoothing), (0...1).contains(listenerDoubt), (0..<1).contains(dropout) else {
      return "label smoothing \(labelSmoothing), listeners' doubt \(listenerDoubt), dropout \(dropout)"
    }
    guard (0...2).contains(logitAdjustment ?? 0) else { return "a logit adjustment of \(logitAdjustment!)" }
    guard classBalance >= 0, classBalance <= 2, gradientNorm ?? 1 > 0, (0..<1).contains(averaging ?? 0) else {
      return "class balance, gradient norm or averaging out of range"
    }
    guard (1...10_000_000).contains(epochRecordings ?? 1), epochRecordings == nil || balancesCorpora == true else {
      return "epochs of \(epochRecordings!) recordings, which needs balanced corpora"
    }
    let rates: [Float] =
      switch schedule {
      case .constant(let rate): [rate]
      case .oneCycle(let peak, _, _): [peak]
      case .cosine(let initial, let final): [initial, final]
      case .exponential(let initial, _), .stepped(let initial, _, _, _): [initial]
      }
    guard rates.allSatisfy({ $0 >= 0 && $0 <= 1 }), rates[0] > 0 else { return "a learning rate of \(rates)" }
    switch weightDecay {
    case .l2(let decay), .decoupled(let decay):
      guard (0...10).contains(decay) else { return "a weight decay of \(decay)" }
    }
    if case .focal(let gamma) = loss, !(0...10).contains(gamma) { return "a focal loss with gamma \(gamma)" }
    switch schedule {
    case .oneCycle(_, let warmUp, _) where !(0...1).contains(warmUp): return "a warm-up of \(warmUp) of the steps"
    case .stepped(_, _, let every, let start) where every < 1 || start < 1:
      return "a schedule that steps every \(every) epochs from \(start) on"
    default: break
    }
    if let defect = head?.defect() { return defect }
    return versions.defect() ?? augmentation.defect() ?? architecture.defect()
  }
}

extension ClipVersions {
  fileprivate func defect() -> String? {
    guard count <= 100 else {
      return "\(speeds.count) speeds × \(vocalTractWarps.count) warps; up to 100 versions are supported"
    }
    guard (speeds + vocalTractWarps).allSatisfy({ (0.5...2).contains($0) }) else {
      return "a speed or warp outside 0.5 to 2"
    }
    guard (0...1).contains(noisyShare) else { return "a share of \(noisyShare) noisy versions" }
    guard let room else { return nil }
    guard [room.noiseShare, room.reverberationShare, room.bandShare].allSatisfy({ (0...1).contains($0) }) else {
      return "a share of rooms outside 0 to 1"
    }
    guard room.reverberation.map({ $0.lowerBound > 0.01 && $0.upperBound <= 10 }) ?? true,
      room.upperLimit.map({ $0.lowerBound > 300 && $0.upperBound <= 8000 }) ?? true
    else { return "a room's reverberation or band out of range" }
    return nil
  }
}

extension Augmentation {
  fileprivate func defect() -> String? {
    guard [timeMasks, timeMaskFrames, coefficientMasks, coefficientMaskWidth, roll].allSatisfy({ $0 >= 0 }) else {
      return "a negative mask or roll"
    }
    guard (0...1).contains(oneEmotionShare ?? 0) else {
      return "a share of \(oneEmotionShare!) samples after one emotion"
    }
    guard gainJitter >= 0, tilt >= 0, noise >= 0, (0...1).contains(mixup) else {
      return "gain jitter, tilt, noise or mixup out of range"
    }
    if let backgrounds, !(0...4).contains(backgrounds.share) || !(1...10_000).contains(backgrounds.variety) {
      return "backgrounds of share \(backgrounds.share), of \(backgrounds.variety) windows"
    }
    guard let speakerTransfer else { return nil }
    guard (0...1).contains(speakerTransfer.share), (0...3).contains(speakerTransfer.reach) else {
      return "speaker transfer of share \(speakerTransfer.share) and reach \(speakerTransfer.reach)"
    }
    return nil
  }
}
