import Foundation

/// The logarithm of the softmax, stable for any finite logits: the largest is subtracted first. In double, for losses;
/// what a model says of a window is `SerdNetwork.Softmax`'s.
package enum LogSoftmax {
  /// Natural logarithms of the probabilities, rows × classes, of logits of the same shape.
  package static func of(_ logits: [Float], classes: Int) -> [Double] {
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
