import GRDB
import Model

extension RunTransaction {
  /// Up to where a source's stream is known; nil where everything has to be read.
  public func streamCursor(of source: String) throws -> StreamCursor? {
    let row = try Row.fetchOne(
      database,
      sql: """
        select c.question, c.reached, c.began, c.began_whole, c.source from stream_cursor c join source s on s.source = c.source
        where s.name = ?
        """, arguments: [source])
    guard let row, let began = Moment(iso: row[2] as String), let whole = Moment(iso: row[3] as String) else {
      return nil
    }
    return StreamCursor(
      source: source, stream: row[0], reached: (row[1] as String?).flatMap { Moment(iso: $0) }, read: began,
      readWhole: whole,
      withoutTime: try String.fetchAll(
        database, sql: "select key from timeless_record where source = ? order by key",
        arguments: [row[4] as Int64]))
  }

  /// Whether records that were read before mean today what they meant then: the same program made rows of them, by the same mapping.
  public func meansTheSame(_ source: SourceConfiguration) throws -> Bool {
    let terms = try Int64.fetchOne(
      database,
      sql: "select c.terms from stream_cursor c join source s on s.source = c.source where s.name = ?",
      arguments: [source.name])
    return terms == source.terms(program: program)
  }

  /// What showed that the last read of everything was whole, this one or a published one; nil for a source that is no stream.
  public func proof(of read: SourceRead) throws -> StreamRead.Proof? {
    guard let stream = read.stream else { return nil }
    return try stream.extent == .whole ? stream.proof : StreamRead.lastProof(of: read.source.name, database)
  }

  /// Keeps a read's cursor with its rows. One that leaves open what some of its rows are, or what is so after it, keeps the cursor where it
  /// was, so that the same is asked for again; files in place of a stream leave none.
  func keepCursor(of read: SourceRead, source: Int64) throws -> [Finding] {
    guard let cursor = read.stream?.cursor else {
      try database.execute(sql: "delete from stream_cursor where source = ?", arguments: [source])
      try keep(timeless: [], source: source)
      return []
    }
    let unknown = Set(read.quarantined.filter { $0.entity == nil || $0.key == nil }.map(\.place)).count
    if unknown > 0 {
      return [
        keptBack(
          "\(unknown) rows in the quarantine of \(read.source.name) could be of any record",
          "nothing of it is ended, and ",
          "mend the quarantined rows, or map `id` to a field that every record has")
      ]
    }
    let latest = try String.fetchOne(
      database, sql: "select max(at) from snapshot where source = ?", arguments: [source])
    if let latest = latest.flatMap({ Moment(iso: $0) }), read.dataThrough.packed < latest.packed {
      return [
        keptBack(
          "\(read.source.name) was read as of \(read.dataThrough), and is known as of \(latest)",
          "what it says holds up to then only; ", "run again without `--as-of`, or with a later one")
      ]
    }
    try database.execute(
      sql: """
        insert into stream_cursor (source, question, terms, reached, began, began_whole) values (?, ?, ?, ?, ?, ?)
        on conflict (source) do update set question = excluded.question, terms = excluded.terms,
          reached = excluded.reached, began = excluded.began, began_whole = excluded.began_whole
        """,
      arguments: [
        source, cursor.stream, read.source.terms(program: program), cursor.reached?.description,
        cursor.read.description, cursor.readWhole.description,
      ])
    try keep(timeless: cursor.withoutTime, source: source)
    return []
  }

  private func keep(timeless keys: [String], source: Int64) throws {
    let known = Set(
      try String.fetchAll(
        database, sql: "select key from timeless_record where source = ?", arguments: [source]))
    let wanted = Set(keys)
    for key in known.subtracting(wanted) {
      try database.execute(
        sql: "delete from timeless_record where source = ? and key = ?", arguments: [source, key])
    }
    for key in wanted.subtracting(known) {
      try database.execute(
        sql: "insert into timeless_record (source, key) values (?, ?)", arguments: [source, key])
    }
  }

  private func keptBack(_ problem: String, _ consequence: String, _ remedy: String) -> Finding {
    Finding(
      .warning, "cursor-kept-back", problem,
      consequence: consequence + "the next run asks for all that this one read again", remedy: remedy)
  }
}

extension SourceConfiguration {
  /// A digest of all that decides what rows a record becomes: places in files and what is held or let pass play no part.
  fileprivate func terms(program: String) -> Int64 {
    var digest = RowDigest()
    digest.add(program)
    for part: Any in [system, format, dataThrough, entities] { digest.add(meaning(part)) }
    return Int64(bitPattern: digest.value)
  }
}

/// What a value says, as text: the same in every process, whatever the order of its dictionaries.
private func meaning(_ value: Any) -> String {
  if value is Place { return "" }
  let mirror = Mirror(reflecting: value)
  guard !mirror.children.isEmpty else { return String(reflecting: value) }
  let parts = mirror.children.map { "\($0.label ?? ""):\(meaning($0.value))" }
  let isOrdered = mirror.displayStyle != .dictionary && mirror.displayStyle != .set
  return "{\((isOrdered ? parts : parts.sorted()).joined(separator: ","))}"
}
