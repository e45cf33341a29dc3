import Foundation

/// The softmax, stable for any finite logits: the largest is subtracted first.
package enum Softmax {
  /// Probabilities, rows × classes, of logits of the same shape.
  package static func probabilities(_ logits: [Float], classes: Int) -> [Float] {
    logProbabilities(logits, classes: classes).map { Float(exp($0)) }
  }

  /// Natural logarithms of the probabilities, in double.
  static func logProbabilities(_ logits: [Float], classes: Int) -> [Double] {
    precondition(classes > 0 && logits.count % classes == 0, "\(logits.count) logits are not rows of \(classes)")
    var result = logits.map(Double.init)
    for start in stride(from: 0, to: logits.count, by: classes) {
      let row = start..<start + classes
      let largest = result[row].max()!
      let logSum = largest + log(result[row].reduce(0) { $0 + exp($1 - largest) })
      for i in row { result[i] -= logSum }
    }
    return result
  }
}
