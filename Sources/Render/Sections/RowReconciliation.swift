import Model

/// Rows read to rows that count, source by source.
enum RowReconciliation {
  private struct Line {
    var source: ReportData.SourceLine
    /// Records behind rows in force; nil where nobody counted them.
    var held: Int?
    var isOfOneEntity: Bool

    /// Rows that a later row of the same read replaces, or that it tells again.
    var replaced: Int? { held.map { max(0, source.rows - source.quarantined - $0) } }
    /// Rows that stand although this read did not tell them: of keys in quarantine, or of more than one file.
    var kept: Int? { held.map { max(0, $0 - (source.rows - source.quarantined)) } }
    /// Rows in force that no read told and no quarantine explains; of records with several entities nobody can say.
    var untold: Int { isOfOneEntity && source.quarantined == 0 ? kept ?? 0 : 0 }
  }

  private static func lines(_ data: ReportData) -> [Line] {
    data.sources.sorted { $0.name < $1.name }.map { source in
      let held = data.notes.heldRows.filter { $0.source == source.name }
      return Line(source: source, held: held.map(\.records).max(), isOfOneEntity: held.count == 1)
    }
  }

  /// Of sources whose every read tells all: what APIs and deltas had last is chance.
  static func checks(_ data: ReportData) -> [ReconciliationSection.Check] {
    lines(data).compactMap { line in
      guard line.source.proof == nil, !line.source.isDelta, let held = line.held,
        let replaced = line.replaced, let kept = line.kept
      else { return nil }
      return ReconciliationSection.Check(
        name: "Rows read of \(plainText(line.source.name))",
        expected: "in force, in quarantine or replaced",
        left: Int128(line.source.rows),
        right: Int128(held + line.source.quarantined + replaced - kept + line.untold),
        unit: .count)
    }
  }

  private static func result(_ line: Line, isWhole: Bool) -> Cell {
    // The same however it was read last: a report tells what counts, not how it came.
    guard isWhole else { return Cell("no count") }
    return line.untold == 0 ? Cell("ties", tone: .good) : Cell("does not tie", tone: .bad)
  }

  /// Those that tie as one, since each source has its line in a table of its own.
  static func summed(_ checks: [ReconciliationSection.Check]) -> [ReconciliationSection.Check] {
    let tying = checks.filter { $0.left == $0.right }
    guard let first = tying.first, tying.count > 1 else { return checks }
    var all = first
    all.name = "Rows read of \(countText(tying.count)) sources"
    all.left = tying.reduce(0) { $0 + $1.left }
    all.right = tying.reduce(0) { $0 + $1.right }
    return checks.filter { $0.left != $0.right } + [all]
  }

  /// nil where nothing was read, or nobody counted.
  static func table(_ data: ReportData) -> Table? {
    let lines = lines(data).filter { $0.held != nil }
    guard !lines.isEmpty else { return nil }
    let hasKept = lines.contains { $0.source.proof == nil && !$0.source.isDelta && $0.kept ?? 0 > 0 }
    var table = Table(
      caption:
        "Rows of each source's last read; a source read from an API or by changes tells what is in force alone",
      columns: [
        .init("Source", isNumber: false), .init("Rows read"), .init("In quarantine"),
        .init("Replaced or told again"),
      ] + (hasKept ? [.init("Kept from earlier")] : []) + [
        .init("Rows in force"), .init("Result", isNumber: false),
      ])
    for line in lines {
      let isWhole = line.source.proof == nil && !line.source.isDelta
      func count(_ number: Int?) -> Cell { isWhole ? number.map { .count(-$0) } ?? .blank : .blank }
      table.rows.append(
        .init(
          cells: [
            Cell(plainText(line.source.name)), isWhole ? .count(line.source.rows) : .blank,
            isWhole ? count(line.source.quarantined) : .count(-line.source.quarantined), count(line.replaced),
          ] + (hasKept ? [isWhole ? line.kept.map { .count($0, signed: true) } ?? .blank : .blank] : []) + [
            line.held.map { .count($0) } ?? .blank,
            result(line, isWhole: isWhole),
          ]))
    }
    return table
  }
}
