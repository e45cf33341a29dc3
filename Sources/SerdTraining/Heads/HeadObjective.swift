import Foundation
import SerdLearning

/// The weighted cross entropy of standardised windows and the penalty, with its gradient. Parameters are the weights
/// [classes][width], then the biases.
///
/// Cost: two passes over the values for each evaluation. Not safe to share between threads.
package final class HeadObjective {
  private let values: [Float]
  private let targets: [Float]
  private let asked: [Float]
  private let windowWeights: [Float]
  private let width: Int
  private let classes: Int
  private let weightPenalty: Double
  private let logits: Buffer<Float>
  private let weights: Buffer<Float>
  private let weightGradient: Buffer<Float>

  /// - Parameters:
  ///   - values: windows × width.
  ///   - targets: windows × classes; a row sums to 1, and is 0 where it is not asked.
  ///   - asked: windows × classes: 1 for labels that a window is asked about, which its softmax is over.
  ///   - weights: one per window.
  package init(values: [Float], targets: [Float], asked: [Float], weights: [Float], weightPenalty: Double) {
    (self.values, self.targets, self.asked, windowWeights) = (values, targets, asked, weights)
    (width, classes) = (values.count / weights.count, targets.count / weights.count)
    self.weightPenalty = weightPenalty
    logits = Buffer(targets.count)
    self.weights = Buffer(classes * width)
    weightGradient = Buffer(classes * width)
  }

  /// The value at some parameters; writes the gradient.
  package func value(at parameters: [Double], gradient: inout [Double]) -> Double {
    let count = windowWeights.count
    let weightCount = classes * width
    for i in 0..<weightCount { weights.base[i] = Float(parameters[i]) }
    let loss = values.withUnsafeBufferPointer { values in
      let windows = Matrix(values.baseAddress!, stride: width)
      windows.multiply(
        Matrix(weights.base, stride: width, transposed: true), into: logits.base, stride: classes, rows: count,
        columns: classes, depth: width)
      let (loss, biasGradient) = entropy(biases: Array(parameters[weightCount...]))
      Matrix(logits.base, stride: classes, transposed: true).multiply(
        windows, into: weightGradient.base, stride: width, rows: classes, columns: width, depth: count)
      for (label, slope) in biasGradient.enumerated() { gradient[weightCount + label] = slope }
      return loss
    }
    var penalty = 0.0
    for i in 0..<weightCount {
      penalty += parameters[i] * parameters[i]
      gradient[i] = Double(weightGradient.base[i]) + weightPenalty * parameters[i]
    }
    return loss + weightPenalty / 2 * penalty
  }

  /// The cross entropy; each logit is replaced by the slope of the loss along it.
  private func entropy(biases: [Double]) -> (loss: Double, biasGradient: [Double]) {
    var loss = 0.0
    var slopes = [Double](repeating: 0, count: classes)
    var exponentials = [Double](repeating: 0, count: classes)
    for window in windowWeights.indices {
      let row = logits.base + window * classes
      let first = window * classes
      var largest = -Double.infinity
      for label in 0..<classes where asked[first + label] == 1 {
        exponentials[label] = Double(row[label]) + biases[label]
        largest = max(largest, exponentials[label])
      }
      var sum = 0.0
      for label in 0..<classes where asked[first + label] == 1 {
        loss -= Double(windowWeights[window] * targets[first + label]) * (exponentials[label] - largest)
        exponentials[label] = exp(exponentials[label] - largest)
        sum += exponentials[label]
      }
      loss += Double(windowWeights[window]) * log(sum)
      for label in 0..<classes {
        let isAsked = asked[first + label] == 1
        let slope =
          isAsked
          ? Double(windowWeights[window]) * (exponentials[label] / sum - Double(targets[first + label]))
          : 0
        slopes[label] += slope
        row[label] = Float(slope)
      }
    }
    return (loss, slopes)
  }
}
