import SerdSystem

/// What was heard, in an SQLite file: emotions, and what the time between was like. Time for which there is no span was
/// not recorded. Times are milliseconds since 1970, UTC.
package final class HistoryStore {
  /// Version n is made of n - 1 by the n-th of these. A line that was released is never changed.
  private static let migrations = [
    """
    CREATE TABLE emotion (id TEXT PRIMARY KEY, label TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
      confidence REAL, level REAL, is_end_heard INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX emotion_start ON emotion (start);
    CREATE TABLE span (start INTEGER NOT NULL, end INTEGER NOT NULL, kind INTEGER NOT NULL);
    CREATE INDEX span_start ON span (start);
    """
  ]

  /// No span is longer, and no emotion is looked for that began earlier: so questions about a day read that day alone.
  package static let longestSpan: Int64 = 3_600_000
  private static let longestEmotion: Int64 = 24 * 3_600_000
  private static let day: Int64 = 24 * 3_600_000

  private let database: Database

  /// Opens a history; to write, it is made if there is none.
  package init(path: String, isReadOnly: Bool = false) throws(HistoryError) {
    database = try Database(path: path, isReadOnly: isReadOnly)
    if !isReadOnly {
      // Only a new file takes it: what is deleted makes the file smaller.
      try database.run("PRAGMA auto_vacuum = INCREMENTAL")
      try database.run("PRAGMA journal_mode = WAL")
      try database.run("PRAGMA synchronous = NORMAL")
      // What is deleted is overwritten.
      try database.run("PRAGMA secure_delete = ON")
    }
    try migrate(isReadOnly)
  }

  private func migrate(_ isReadOnly: Bool) throws(HistoryError) {
    let version = Int(try database.number("PRAGMA user_version"))
    guard version <= Self.migrations.count else {
      throw HistoryError(
        .badData, at: database.path, "was written by a newer serd-web (version \(version))",
        advice: "install that, or move the file away")
    }
    if isReadOnly, version < Self.migrations.count {
      throw HistoryError(.badData, at: database.path, "is no history yet", advice: "serd-web makes it when it starts")
    }
    for number in version..<Self.migrations.count {
      try database.transaction { () throws(HistoryError) in
        for statement in Self.migrations[number].split(separator: ";") where statement.contains("CREATE") {
          try database.run(String(statement))
        }
        try database.run("PRAGMA user_version = \(number + 1)")
      }
    }
  }

  // MARK: writing

  /// Writes several things at once.
  package func together(_ body: () throws(HistoryError) -> Void) throws(HistoryError) {
    try database.transaction(body)
  }

  /// Begins a piece of time; the number is for `extend`.
  package func begin(_ span: Span) throws(HistoryError) -> Int64 {
    try database.run(
      "INSERT INTO span (start, end, kind) VALUES (?, ?, ?)",
      [.integer(span.start), .integer(span.end), .integer(span.kind.rawValue)])
    return try database.number("SELECT last_insert_rowid()")
  }

  /// It goes on, or went on, until then.
  package func extend(span: Int64, to end: Int64) throws(HistoryError) {
    try database.run("UPDATE span SET end = ? WHERE rowid = ?", [.integer(end), .integer(span)])
  }

  /// Writes an emotion, or what is new of it. Nothing is known twice: the daemon's id says which it is. An end that was
  /// heard stays.
  package func put(_ emotion: Emotion) throws(HistoryError) {
    try database.run(
      """
      INSERT INTO emotion (id, label, start, end, confidence, level, is_end_heard) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET end = excluded.end, confidence = coalesce(excluded.confidence, confidence),
        level = coalesce(excluded.level, level), is_end_heard = excluded.is_end_heard WHERE NOT is_end_heard
      """,
      [
        .text(emotion.id), .text(emotion.label), .integer(emotion.start), .integer(emotion.end),
        emotion.confidence.map { .real($0) } ?? .null, emotion.level.map { .real($0) } ?? .null,
        .integer(emotion.isEndHeard ? 1 : 0),
      ])
  }

  /// When an emotion began; nil if it is not known.
  package func start(of id: String) throws(HistoryError) -> Int64? {
    var start: Int64?
    try database.run("SELECT start FROM emotion WHERE id = ?", [.text(id)]) { start = $0.integer(0) }
    return start
  }

  /// Forgets all that was heard in a time: emotions that reach into it as a whole, pieces of time as far as they do.
  package func delete(from: Int64, to: Int64) throws(HistoryError) {
    let (from, to) = (Database.Value.integer(from), Database.Value.integer(to))
    try database.transaction { () throws(HistoryError) in
      try database.run("DELETE FROM emotion WHERE start < ?2 AND (end > ?1 OR start >= ?1)", [from, to])
      try database.run(
        "INSERT INTO span (start, end, kind) SELECT ?2, end, kind FROM span WHERE start < ?1 AND end > ?2", [from, to])
      try database.run("UPDATE span SET end = ?1 WHERE start < ?1 AND end > ?1", [from])
      try database.run("DELETE FROM span WHERE start >= ?1 AND start < ?2 AND end <= ?2", [from, to])
      try database.run("UPDATE span SET start = ?2 WHERE start >= ?1 AND start < ?2", [from, to])
    }
    try shrink()
  }

  /// Forgets what is older than so many days, and the oldest days of a history that is too large.
  package func tidy(now: Int64, days: Int, largestSize: Int) throws(HistoryError) {
    try database.run("DELETE FROM emotion WHERE start < ?", [.integer(now - Int64(days) * Self.day)])
    try database.run("DELETE FROM span WHERE start < ?", [.integer(now - Int64(days) * Self.day)])
    while try size() > largestSize {
      let oldest = try database.number(
        "SELECT min(start) FROM (SELECT min(start) AS start FROM span UNION ALL SELECT min(start) FROM emotion)")
      // The present day stays, whatever it takes.
      guard oldest > 0, oldest + Self.day < now else { break }
      try database.run("DELETE FROM emotion WHERE start < ?", [.integer(oldest + Self.day)])
      try database.run("DELETE FROM span WHERE start < ?", [.integer(oldest + Self.day)])
    }
    try shrink()
  }

  /// Bytes in use.
  package func size() throws(HistoryError) -> Int {
    let pages = try database.number("PRAGMA page_count") - database.number("PRAGMA freelist_count")
    return Int(pages * (try database.number("PRAGMA page_size")))
  }

  /// Gives free pages back, and empties the file beside it, which still has what was deleted.
  private func shrink() throws(HistoryError) {
    try database.run("PRAGMA incremental_vacuum")
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  // MARK: reading

  /// The emotions that reach into a time, by their begin; at most `limit`, after those that were read before.
  package func emotions(
    from: Int64, to: Int64, after last: Emotion? = nil, limit: Int, each: (Emotion) -> Void
  ) throws(HistoryError) {
    try database.run(
      """
      SELECT id, label, start, end, confidence, level, is_end_heard FROM emotion
      WHERE start >= ?1 - ?6 AND start < ?2 AND (end > ?1 OR start >= ?1) AND (start, id) > (?3, ?4)
      ORDER BY start, id LIMIT ?5
      """,
      [
        .integer(from), .integer(to), .integer(last?.start ?? .min), .text(last?.id ?? ""), .integer(Int64(limit)),
        .integer(Self.longestEmotion),
      ]
    ) {
      each(
        Emotion(
          id: $0.text(0), label: $0.text(1), start: $0.integer(2), end: $0.integer(3), confidence: $0.real(4),
          level: $0.real(5), isEndHeard: $0.integer(6) != 0))
    }
  }

  /// When the first piece of time begins that is not over at a time; that time, if it is within a piece, and the end of
  /// all times if there is none.
  package func beginning(from: Int64) throws(HistoryError) -> Int64 {
    var beginning = Int64.max
    try database.run(
      "SELECT start FROM span WHERE start >= ?1 - ?2 AND end > ?1 ORDER BY start LIMIT 1",
      [.integer(from), .integer(Self.longestSpan)]
    ) { beginning = max(from, $0.integer(0)) }
    return beginning
  }

  /// The pieces of time that reach into a time, in their order.
  package func spans(from: Int64, to: Int64, each: (Span) -> Void) throws(HistoryError) {
    try database.run(
      "SELECT start, end, kind FROM span WHERE start >= ?1 - ?3 AND start < ?2 AND end > ?1 ORDER BY start, rowid",
      [.integer(from), .integer(to), .integer(Self.longestSpan)]
    ) {
      guard let kind = Kind(rawValue: $0.integer(2)) else { return }
      each(Span(start: $0.integer(0), end: $0.integer(1), kind: kind))
    }
  }
}
