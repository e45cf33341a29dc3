import SerdSystem

/// Why the event server or the event log cannot start.
package typealias EventServerError = Explained<EventServer>
