import SerdSystem

/// Why recordings, or the files beside them, cannot be had.
package typealias RecordingError = Explained<RecordingSubject>

/// Recordings, lists of them, and what is written beside them.
package enum RecordingSubject {}
