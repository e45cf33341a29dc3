import Glibc

/// exp(x/T) / Σ exp(x/T), in place, T being the model's temperature; the largest value is subtracted first, so that
/// nothing overflows.
package enum Softmax {
  /// Turns logits into probabilities; an empty vector stays empty.
  package static func apply(_ values: inout [Float], temperature: Float = 1) {
    let largest = values.max() ?? 0
    var sum: Float = 0
    for i in values.indices {
      values[i] = expf((values[i] - largest) / temperature)
      sum += values[i]
    }
    for i in values.indices { values[i] /= sum }
  }
}
