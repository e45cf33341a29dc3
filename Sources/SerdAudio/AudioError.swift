import SerdSystem

/// Why audio cannot be had.
package typealias AudioError = Explained<AudioSubject>

/// Files, streams and microphones.
package enum AudioSubject {}
