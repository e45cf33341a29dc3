import SerdSystem

/// The folder of one training: lock and checkpoint while it trains, models and results when it is done. A fold of a
/// cross-validation has one, and the training of a model of all speakers.
package struct TrainingFolder: Sendable {
  /// Where it is.
  package let path: String

  /// A folder that is there, or not yet.
  package init(path: String) { self.path = path }

  private func file(_ name: String) -> String { "\(path)/\(name)" }
  private func model(_ name: String) -> String { file("\(name).safetensors") }

  /// The trained model.
  package var float: String { model("float") }
  /// What serd runs.
  package var int8: String { model("int8") }
  /// State to go on from.
  package var checkpoint: String { model("checkpoint") }

  /// Written when all is done: the decisions on the test speakers.
  var result: JSONFile<FoldResult> { JSONFile(path: file("result.json")) }
  /// Written with the float model, if an epoch was chosen.
  var chosen: JSONFile<ChosenEpoch.Summary> { JSONFile(path: file("chosen.json")) }

  /// What `FinishedRun.calibrate` leaves, and state of its inner trainings.
  var calibration: JSONFile<FoldCalibration> { JSONFile(path: file("calibration.json")) }
  var calibratedInt8: String { model("int8-calibrated") }
  func innerCheckpoint(group: Int) -> String { model("inner-\(group).checkpoint") }

  /// What `FinishedRun.compareQuantisations` leaves, and state of its trainings.
  var comparison: JSONFile<QuantisationComparison> { JSONFile(path: file("quantisation.json")) }
  var trainedInt8: String { model("int8-trained") }
  func continuedCheckpoint(_ what: String, epochs: Int) -> String { model("\(what)-\(epochs).checkpoint") }

  /// Keeps the folder to one process, and removes what one that was killed left half written; nil if another has it,
  /// unless `isWaiting`.
  func lock(isWaiting: Bool = false) throws -> FolderLock? {
    guard let lock = try FolderLock(folder: path, isWaiting: isWaiting) else { return nil }
    AtomicFile.removeLeftovers(inFolder: path)
    return lock
  }
}
