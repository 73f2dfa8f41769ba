import Model
import Warehouse

extension PipelineRun {
  /// Sources whose rows fell by more than they may: a broken export looks like this, and must not become churn. What changed has any
  /// number of rows: only reads of everything are compared.
  func heldForRows(_ reads: [SourceRead], _ transaction: RunTransaction) throws -> [Hold] {
    var holds: [Hold] = []
    for read in reads where read.source.extent == .full {
      guard let previous = try transaction.previousWholeRead(of: read.source.name) else { continue }
      let (before, now) = Self.comparableRows(read, previous)
      guard Self.isFall(from: Int64(before), to: Int64(now), beyond: read.source.maximumRowFall),
        try !transaction.isAccepted(read.source.name)
      else { continue }
      holds.append(Hold(source: read.source.name, reason: "rows fell from \(before) to \(now)"))
    }
    return holds
  }

  /// Optional columns that the last published read had and this one has not: every figure would say something else, back to the first
  /// month, and no row would be wrong.
  func heldForColumns(_ reads: [SourceRead], _ transaction: RunTransaction) throws -> [Hold] {
    var holds: [Hold] = []
    for read in reads {
      let isDated = if case .fileName = read.source.dataThrough { true } else { false }
      let files = isDated ? read.files.filter { $0.snapshot == read.dataThrough } : read.files
      let lost = read.source.lostColumns(
        before: try transaction.previousHeaders(of: read.source.name, onlyNewest: isDated),
        now: files.map(\.header))
      guard !lost.isEmpty, let file = files.first, try !transaction.isAccepted(read.source.name) else {
        continue
      }
      let names = lost.map { column in
        "`\(column.name)`" + (column.isNow.map { ", which may be `\($0)` now" } ?? "")
      }
      holds.append(
        Hold(
          source: read.source.name,
          reason:
            "the last read had the column \(names.joined(separator: ", and ")); \(files.count == 1 ? "\(file.path) has not" : "none of its files has")"
        ))
    }
    return holds
  }

  /// The rows to compare: those of the new snapshot with those of the last published one where files are dated, else all of
  /// both reads. A folder that keeps its history never shrinks as a whole.
  private static func comparableRows(_ read: SourceRead, _ previous: PreviousRead) -> (before: Int, now: Int)
  {
    func rows(of snapshot: Moment) -> Int? {
      let files = read.files.filter { $0.snapshot == snapshot }
      return files.isEmpty ? nil : files.reduce(0) { $0 + $1.rows }
    }
    guard case .fileName = read.source.dataThrough, read.dataThrough != previous.dataThrough,
      let before = rows(of: previous.dataThrough), let now = rows(of: read.dataThrough)
    else { return (previous.records, read.records) }
    return (before, now)
  }

  /// Sources of charges, when the MRR of a month that was published before fell by more than it may.
  func heldForMRR(
    since before: PublishedMRR?, _ result: RollupResult, _ reads: [SourceRead], _ transaction: RunTransaction
  ) throws -> [Hold] {
    guard let before else { return [] }
    let (mrr, now) = (before.months[before.last] ?? 0, result.mrrByMonth[before.last] ?? 0)
    var holds: [Hold] = []
    for read in reads where read.source.entities.contains(where: { $0.entity == .recurringCharge }) {
      guard Self.isFall(from: mrr, to: now, beyond: read.source.maximumMRRFall),
        try !transaction.isAccepted(read.source.name)
      else { continue }
      holds.append(
        Hold(
          source: read.source.name,
          reason: "MRR of \(before.last) fell from \(mrr / 1_000_000) to \(now / 1_000_000)"))
    }
    return holds
  }

  /// One hold a source, with all its reasons.
  static func joined(_ holds: [Hold]) -> [Hold] {
    var result: [Hold] = []
    for hold in holds {
      if let index = result.firstIndex(where: { $0.source == hold.source }) {
        result[index].reason += "; " + hold.reason
      } else {
        result.append(hold)
      }
    }
    return result
  }

  private static func isFall(from before: Int64, to now: Int64, beyond share: Int64) -> Bool {
    before > 0 && Int128(before - now) * 1_000_000 > Int128(before) * Int128(share)
  }
}
