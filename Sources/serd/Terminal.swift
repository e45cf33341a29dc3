import Glibc
import SerdConsole
import SerdSystem

/// The terminal at standard output, taken over for a full-screen view and given back in whatever way the program goes
/// on.
final class Terminal {
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J"
  private static let leave = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  private var before: termios?
  private var shown: [String] = []
  private var isTaken = false

  /// Whether a full-screen view makes sense: both ends are a terminal that can move its cursor.
  static var isCapable: Bool {
    let kind = Environment["TERM"] ?? ""
    return isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(kind)
  }

  /// Whether colours are wanted: the convention of NO_COLOR.
  static var hasColour: Bool { Environment.nonEmpty("NO_COLOR") == nil }

  /// Columns and rows; 80 × 24 if the terminal does not say.
  static var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Takes the terminal: another screen, no cursor, keys as they are pressed.
  init() throws {
    var settings = termios()
    if tcgetattr(STDIN_FILENO, &settings) == 0 {
      before = settings
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }
    isTaken = true
    try Output.write(Self.enter)
  }

  deinit { restore() }

  /// Gives the terminal back as it was.
  func restore() {
    guard isTaken else { return }
    isTaken = false
    try? Output.write(Self.leave)
    if var before { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
  }

  /// Shows these lines from the top. Only lines that changed are written, in one write, so that nothing flickers.
  func show(_ lines: [String]) throws {
    var text = ""
    for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
      text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[0m\u{1B}[K"
    }
    if lines.count < shown.count { text += "\u{1B}[\(lines.count + 1);1H\u{1B}[J" }
    shown = lines
    if !text.isEmpty { try Output.write("\u{1B}[?2026h\(text)\u{1B}[?2026l") }
  }

  /// Draws everything the next time: the size has changed.
  func forget() throws {
    shown = []
    try Output.write("\u{1B}[2J")
  }
}
