import GRDB
import Model

extension StreamRead {
  /// Adds itself to a run's log. Of two reads of one source the later one stands.
  func write(run: Int64, _ database: Database) throws {
    try database.execute(
      sql: """
        insert or replace into stream_read (run, source, connector, stream, extent, reason, since, pages, received, records,
          deleted, without_time, counted, proof, question, reached, began, began_whole)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run, source, connector, stream, extent.rawValue, reason, since?.description, pages, received, records,
        deleted, withoutTime, counted, proof.rawValue, cursor.stream, cursor.reached?.description,
        cursor.read.description, cursor.readWhole.description,
      ])
  }

  private init(_ row: Row) {
    func moment(_ name: String) -> Moment? { (row[name] as String?).flatMap { Moment(iso: $0) } }
    let began = moment("began") ?? Moment(packed: 0)
    self.init(
      source: row["source"], connector: row["connector"], stream: row["stream"],
      extent: Extent(rawValue: row["extent"]) ?? .whole, reason: row["reason"], since: moment("since"),
      pages: row["pages"], received: row["received"], records: row["records"], deleted: row["deleted"],
      withoutTime: row["without_time"], counted: row["counted"],
      proof: Proof(rawValue: row["proof"]) ?? .ended,
      cursor: StreamCursor(
        source: row["source"], stream: row["question"], reached: moment("reached"), read: began,
        readWhole: moment("began_whole") ?? began))
  }

  /// Of each source that was a stream when it was last published.
  static func lastPublished(_ database: Database) throws -> [StreamRead] {
    // `cross`: the sources are few, their reads many.
    let sql = """
      select s.* from source o cross join stream_read s on s.source = o.name and s.run = (
        select r.run from run r join source_read l on l.run = r.run
        where l.source = o.name and r.status = 'published' order by r.run desc limit 1)
      order by s.source
      """
    return try Row.fetchAll(database, sql: sql).map(StreamRead.init)
  }

  /// What showed that the last published read of everything was whole; nil for a source that is no stream.
  static func lastProof(of source: String, _ database: Database) throws -> Proof? {
    guard try lastPublished(database).contains(where: { $0.source == source }) else { return nil }
    let proof = try String.fetchOne(
      database,
      sql: """
        select s.proof from stream_read s join run r on r.run = s.run and r.status = 'published'
        where s.source = ? and s.extent = 'whole' order by s.run desc limit 1
        """, arguments: [source])
    return proof.flatMap(Proof.init)
  }
}

extension WarehouseReader {
  /// How each stream was last read, as published.
  public func streamReads() throws -> [StreamRead] { try read { try StreamRead.lastPublished($0) } }
}
