import Model

/// Puts the files of one source together: settles duplicate ids over all of them, numbers expenses, decides
/// how far the data reaches, and whether too much is in quarantine. The result does not depend on the order
/// in which files are added.
public struct SourceAssembler: Sendable {
  struct Member: Sendable {
    var mapper: RowMapper
    var file: SourceFile
    var findings: [Finding]
  }

  let source: SourceConfiguration
  /// Whether too much in quarantine refuses the read; where it is one of few changed records, whoever knows the others decides.
  public var judgesQuarantine = true
  private let asOf: Moment
  private var members: [Member] = []
  private var strayFindings: [Finding] = []
  private var strayFiles: [SourceFile] = []

  /// `asOf` is the run's own moment, for sources that say `data_through: as_of`.
  public init(source: SourceConfiguration, asOf: Moment) {
    self.source = source
    self.asOf = asOf
  }

  /// Adds a file that has been mapped to its end. `file` is what Extract knows of it now, its number of rows
  /// included; `findings` are what it found on the way.
  public mutating func add(_ mapper: consuming RowMapper, file: SourceFile, findings: [Finding] = []) {
    var file = file
    file.snapshot = mapper.file.snapshot ?? mapper.latestDataThrough
    members.append(Member(mapper: mapper, file: file, findings: findings + mapper.findings))
  }

  /// Adds what was found about a file that gave no rows: it could not be opened, or its header lacks a needed
  /// column.
  public mutating func add(findings: [Finding], file: SourceFile? = nil) {
    strayFindings += findings
    if let file { strayFiles.append(file) }
  }

  /// The whole read. An error among its findings means that nothing of it may be published.
  ///
  /// `reread` is asked for the raw texts of records that only their comparison with others showed to be bad.
  ///
  /// Throws when rows that were put away cannot be read again.
  public consuming func finish(rereading reread: RawRecordReader) throws -> SourceRead {
    var members = self.members.sorted(by: Self.precedes)
    self.members = []
    let rows = members.indices.map { members[$0].mapper.takeRows() }
    let stale = supersededFiles(members)
    var read = SourceRead(source: source, dataThrough: asOf)
    read.files =
      members.map(\.file) + strayFiles.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    read.findings = members.flatMap(\.findings) + strayFindings.sorted(by: Self.precedes)
    read.records = members.reduce(0) { $0 + $1.mapper.records }
    settleDataThrough(members, &read)

    let distinct = DistinctRows(source: source, members: members, rows: rows)
    if stale.isEmpty, try distinct.holds() {
      read.parts = distinct.parts
      read.quarantined = distinct.quarantined
      if judgesQuarantine { read.findings += quarantineFindings(members, late: [], stale, read) }
      return read
    }
    var settlement = DuplicateSettlement(
      source: source, members: members, parts: try joined(rows, without: stale), stale: stale)
    settlement.settle(reread)
    read.quarantined = settlement.quarantined
    read.findings += settlement.findings
    for (index, batches) in settlement.takeParts().enumerated() {
      for batch in batches where batch.count > 0 {
        read.parts.append(SourceRead.Part(file: index, batch: batch))
      }
    }
    if judgesQuarantine { read.findings += quarantineFindings(members, late: settlement.causes, stale, read) }
    return read
  }

  /// By file, then by entity, all in memory.
  private func joined(_ rows: consuming [[RowSegments]], without stale: [Int]) throws -> [[EntityBatch]] {
    var parts: [[EntityBatch]] = []
    for file in rows.indices {
      var batches: [EntityBatch] = []
      for (entity, mapping) in source.entities.enumerated() {
        let isStale = mapping.rows == .periods && stale.contains(file)
        batches.append(isStale ? EntityBatch(kind: mapping.entity) : try rows[file][entity].joined())
        rows[file][entity] = RowSegments(kind: mapping.entity)
      }
      parts.append(batches)
    }
    return parts
  }

  /// Of dated full exports of periods the latest is the whole truth: what an older one says is no more than history.
  private func supersededFiles(_ members: [Member]) -> [Int] {
    guard source.extent == .full, case .fileName = source.dataThrough,
      let latest = members.last?.file.snapshot
    else { return [] }
    return members.indices.filter { members[$0].file.snapshot.map { $0 != latest } ?? false }
  }

  /// Each dated snapshot is held to the allowed share by itself, so that a long history cannot hide a broken night.
  private func quarantineFindings(
    _ members: [Member], late causes: [DuplicateSettlement.Cause], _ stale: [Int], _ read: SourceRead
  ) -> [Finding] {
    var bad = members.map(\.mapper.badRecords)
    for cause in causes { bad[cause.position.file] += 1 }
    let onlyPeriods = source.entities.allSatisfy { $0.rows == .periods }
    let counted = members.indices.filter { !onlyPeriods || !stale.contains($0) }
    let snapshots = Dictionary(grouping: counted) { members[$0].file.snapshot }
    for files in snapshots.values.sorted(by: { $0[0] > $1[0] }) where snapshots.count > 1 {
      let paths = Set(files.map { members[$0].file.path })
      let finding = quarantineFinding(
        bad: files.reduce(0) { $0 + bad[$1] }, of: files.reduce(0) { $0 + members[$1].mapper.records },
        rows: read.quarantined.filter { paths.contains($0.place.file) }, source: source)
      if let finding, finding.severity == .error { return [finding] }
    }
    let finding = quarantineFinding(
      bad: counted.reduce(0) { $0 + bad[$1] }, of: counted.reduce(0) { $0 + members[$1].mapper.records },
      rows: read.quarantined, source: source)
    return finding.map { [$0] } ?? []
  }

  private func settleDataThrough(_ members: [Member], _ read: inout SourceRead) {
    switch source.dataThrough {
    case .asOf: break
    case .fixed(let moment): read.dataThrough = moment
    case .fileName, .column:
      let latest = members.compactMap(\.file.snapshot).max { $0.completes(before: $1) }
      if let latest {
        read.dataThrough = latest
      } else if !members.isEmpty {
        read.findings.append(
          NormalizeFinding.noDataThrough.finding(
            at: source.place, "no row of source \(source.name) says how far its data reaches"))
      }
    }
  }

  /// By snapshot moment, then by path.
  private static func precedes(_ left: Member, _ right: Member) -> Bool {
    if let first = left.file.snapshot, let second = right.file.snapshot, first != second {
      return first.completes(before: second)
    }
    if (left.file.snapshot == nil) != (right.file.snapshot == nil) { return left.file.snapshot == nil }
    return left.file.path.utf8.lexicographicallyPrecedes(right.file.path.utf8)
  }

  private static func precedes(_ left: Finding, _ right: Finding) -> Bool {
    let first = "\(left.place?.description ?? "") \(left.name) \(left.problem)"
    return first.utf8.lexicographicallyPrecedes(
      "\(right.place?.description ?? "") \(right.name) \(right.problem)".utf8)
  }
}
