import CSQLite
import Glibc
import SerdSystem

/// Why the history cannot be read or written.
package typealias HistoryError = Explained<Database>

/// An SQLite file: statements with values, rows with columns. For one thread.
package final class Database {
  /// A value of a statement.
  package enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// The present row of an answer; it is gone with the next.
  package struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func real(_ column: Int32) -> Double? { isNull(column) ? nil : sqlite3_column_double(statement, column) }
    func text(_ column: Int32) -> String {
      sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }
    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
  }

  /// SQLite copies what it is given with it.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  /// How long another program's lock is waited for, in milliseconds.
  private static let patience: Int32 = 2000

  let path: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Opens a file; to write, it is made if there is none, for nobody else to read.
  package init(path: String, isReadOnly: Bool = false) throws(HistoryError) {
    self.path = path
    if !isReadOnly {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      if descriptor < 0 { throw HistoryError(.cannotWrite, at: path, "cannot be written: \(Errno.latest.words)") }
      close(descriptor)
    }
    var handle: OpaquePointer?
    let flags = (isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      let words = String(cString: sqlite3_errstr(code))
      sqlite3_close(handle)
      throw HistoryError(.noInput, at: path, "cannot be opened: \(words)")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, Self.patience)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close(handle)
  }

  /// Runs a statement; `each` gets its rows.
  package func run(_ sql: String, _ values: [Value] = [], each: (Row) -> Void = { _ in }) throws(HistoryError) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .null: sqlite3_bind_null(statement, place)
      case .integer(let number): sqlite3_bind_int64(statement, place, number)
      case .real(let number): sqlite3_bind_double(statement, place, number)
      case .text(let text): sqlite3_bind_text(statement, place, text, -1, Self.transient)
      }
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: each(Row(statement: statement))
      case SQLITE_DONE: return
      default: throw failure
      }
    }
  }

  /// The whole number that a statement answers with.
  func number(_ sql: String, _ values: [Value] = []) throws(HistoryError) -> Int64 {
    var number: Int64 = 0
    try run(sql, values) { number = $0.integer(0) }
    return number
  }

  /// All of it is done, or nothing.
  func transaction(_ body: () throws(HistoryError) -> Void) throws(HistoryError) {
    try run("BEGIN IMMEDIATE")
    do throws(HistoryError) {
      try body()
      try run("COMMIT")
    } catch {
      // SQLite may have done so already.
      try? run("ROLLBACK")
      throw error
    }
  }

  private func prepared(_ sql: String) throws(HistoryError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else { throw failure }
    statements[sql] = statement
    return statement
  }

  private var failure: HistoryError {
    let words = String(cString: sqlite3_errmsg(handle))
    return switch sqlite3_errcode(handle) {
    case SQLITE_FULL:
      HistoryError(.cannotWrite, at: path, "the disk is full", advice: "free some of it; recording goes on by itself")
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      HistoryError(.badData, at: path, "is damaged, or no history", advice: "move it away; a new one is made")
    default: HistoryError(.cannotWrite, at: path, words)
    }
  }
}
