import Foundation

/// The learning rate as a function of the step: a value, without state.
package enum LearningRateSchedule: Codable, Equatable, Sendable {
  /// The same rate throughout.
  case constant(Float)
  /// Half a cosine from `initial` down to `final` (Loshchilov and Hutter 2017, arXiv 1608.03983, without restarts).
  case cosine(initial: Float, final: Float)
  /// `initial`, times `factor` from one epoch to the next, changing smoothly with every step.
  case exponential(initial: Float, factor: Float)
  /// `initial`, multiplied by `factor` at the start of every epoch (0 is the first) from `start` on that is a multiple
  /// of `every`: the schedule of the original TensorFlow code.
  case stepped(initial: Float, factor: Float, every: Int, start: Int)
  /// One cycle (Smith and Topin 2019, arXiv 1708.07120): from `peak` / 25 up to `peak` during the share `warmUp` of the
  /// steps, then half a cosine down to `peak` / 250,000, as `torch.optim.lr_scheduler.OneCycleLR`.
  case oneCycle(peak: Float, warmUp: Double, shape: WarmUp = .cosine)

  /// How a rate rises.
  package enum WarmUp: String, Codable, Sendable {
    case linear
    case cosine
  }

  /// The rate of step `step` (0 is the first) of `total`; an epoch has `stepsPerEpoch` steps.
  package func rate(step: Int, total: Int, stepsPerEpoch: Int) -> Float {
    precondition(total > 0 && stepsPerEpoch > 0, "a schedule needs steps")
    let last = Double(max(1, total - 1))
    let position = min(1, Double(step) / last)
    switch self {
    case .constant(let rate): return rate
    case .cosine(let initial, let final): return Self.cosine(from: initial, to: final, at: position)
    case .exponential(let initial, let factor):
      return Float(Double(initial) * pow(Double(factor), Double(step) / Double(stepsPerEpoch)))
    case .stepped(let initial, let factor, let every, let start):
      precondition(every > 0 && start > 0, "a stepped schedule steps every \(every) epochs from \(start) on")
      let epoch = step / stepsPerEpoch
      let steps = epoch < start ? 0 : epoch / every - (start - 1) / every
      return Float(Double(initial) * pow(Double(factor), Double(steps)))
    case .oneCycle(let peak, let warmUp, let shape):
      precondition((0...1).contains(warmUp), "a warm-up takes a share of the steps in [0, 1], not \(warmUp)")
      let (start, end) = (peak / 25, peak / 250_000)
      if position < warmUp {
        let progress = position / warmUp
        switch shape {
        case .linear: return start + (peak - start) * Float(progress)
        case .cosine: return Self.cosine(from: start, to: peak, at: progress)
        }
      }
      return Self.cosine(from: peak, to: end, at: warmUp < 1 ? (position - warmUp) / (1 - warmUp) : 0)
    }
  }

  private static func cosine(from start: Float, to end: Float, at position: Double) -> Float {
    Float(Double(end) + (Double(start) - Double(end)) * (1 + cos(.pi * position)) / 2)
  }
}
