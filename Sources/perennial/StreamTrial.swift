import Extract
import Model
import Normalize

/// One page of a stream, read and mapped: what `connector check` tells of it.
struct StreamTrial {
  private let source: SourceConfiguration
  private let sample: StreamSample
  private let read: SourceRead?
  private let batches: [EntityBatch]
  let findings: [Finding]
  var records: Int { sample.records }

  init(_ source: SourceConfiguration, _ finder: FileFinder, asOf: Moment) throws {
    self.source = source
    sample = finder.sample(of: source)
    let found = FoundFiles(files: sample.file.map { [$0] } ?? [])
    read = found.files.isEmpty || source.entities.isEmpty ? nil : try readSource(source, found, asOf: asOf)
    batches = try read?.parts.map { try $0.rows() } ?? []
    findings =
      sample.findings + (read.map { quarantineExcerpts($0.quarantined, first: 3) + $0.findings } ?? [])
  }

  func text(rows: Int) -> String {
    guard let stream = source.stream?.stream else { return "" }
    var lines = ["", "\(stream.name): \(stream.title)", "  \(stream.all.method.rawValue) \(sample.url)"]
    guard sample.isAnswered else { return (lines + ["  not answered"]).joined(separator: "\n") }
    lines += facts(stream).map { "  " + $0 }
    guard read != nil else {
      if source.entities.isEmpty {
        lines.append("  nothing in the warehouse takes its records: they are landed alone")
      } else if sample.records == 0 {
        lines.append("  nothing to check: there is no record")
      }
      return lines.joined(separator: "\n")
    }
    for mapping in source.entities {
      lines += table(mapping, batches.filter { $0.kind == mapping.entity }, rows: rows).map { "  " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  private func facts(_ stream: ConnectorStream) -> [String] {
    var lines = [
      "\(sample.records) records on the first page" + (sample.hasMore ? ", more follow" : ", no more")
    ]
    lines.append(
      stream.all.count == nil
        ? "count: the source offers none; its word that there is no more is believed"
        : "count: " + (sample.counted.map { "\($0) by the source" } ?? "not on this page"))
    if let changes = stream.changes {
      let memory = changes.memory.map { ", remembered for \($0 / 86_400_000) days" } ?? ""
      let latest = sample.latest.map { "; the latest here is of \($0)" } ?? ""
      let notices = changes.notices == nil ? "" : " of notices"
      lines.append("changes: asked for by `\(changes.field.dotted)`\(notices)\(memory)\(latest)")
      if let missing = sample.withoutTime, missing > 0 {
        let swept =
          changes.withoutTime == nil
          ? "only reads of everything see them" : "they have a question of their own"
        lines.append("\(missing) records have no `\(changes.field.dotted)`: \(swept)")
      }
    } else {
      lines.append("changes: the source cannot say; each run reads everything and compares")
    }
    if let difference = sample.clockDifference, abs(difference) > 60 {
      let days = abs(difference) / 86_400
      let much = days > 0 ? "\(days) days" : "\(abs(difference)) s"
      lines.append("the server's clock is \(much) \(difference > 0 ? "ahead of" : "behind") this machine's")
    }
    return lines
  }

  /// The first rows, column by column, and the columns that are mapped and have no value in any.
  private func table(
    _ mapping: SourceConfiguration.EntityMapping, _ batches: [EntityBatch], rows limit: Int
  ) -> [String] {
    let count = batches.reduce(0) { $0 + $1.count }
    var lines = ["\(mapping.entity.rawValue): \(count) rows"]
    guard count > 0 else { return lines }
    let shown = batches.flatMap { batch in (0..<batch.count).map { (batch, $0) } }.prefix(limit)
    let names = mapping.entity.columns.map(\.name)
    let width = names.map(\.count).max() ?? 0
    var empty: [String] = []
    for (column, name) in names.enumerated() {
      let isMapped = mapping.fields[name] != nil || name == "attributes" && !mapping.attributes.isEmpty
      guard isMapped else { continue }
      let hasValue = batches.contains { batch in
        (0..<batch.count).contains { batch.cells[$0 * batch.width + column] != EntityColumn.null }
      }
      guard hasValue else {
        empty.append(
          mapping.fields[name].map { "\(name) (\($0.columnNames.joined(separator: ", ")))" } ?? name)
        continue
      }
      guard !shown.isEmpty else { continue }
      let values = shown.map { batch, row in
        let text = batch.shown(row, column) ?? "-"
        return String(text.prefix(28)) + (text.count > 28 ? "..." : "")
      }
      lines.append(
        "  " + name.padded(to: width) + "  "
          + values.map { $0.padded(to: 32) }.joined().trimmed)
    }
    if !empty.isEmpty { lines.append("  without a value in any row: \(empty.joined(separator: ", "))") }
    return lines
  }
}

extension EntityBatch {
  /// A cell in words; nil where there is no value.
  fileprivate func shown(_ row: Int, _ column: Int) -> String? {
    let cell = cells[row * width + column]
    guard cell != EntityColumn.null else { return nil }
    switch kind.columns[column].kind {
    case .text: return text(cell)
    case .moment: return Moment(packed: cell).description
    case .choice(let names): return names.indices.contains(Int(cell)) ? names[Int(cell)] : nil
    case .flag: return cell == 1 ? "true" : "false"
    case .integer: return String(cell)
    case .money, .millionths: return decimal(cell)
    }
  }

  private func decimal(_ millionths: Int64) -> String {
    let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var text = (millionths < 0 ? "-" : "") + String(whole)
    guard rest > 0 else { return text }
    var digits = String(rest)
    digits = String(repeating: "0", count: 6 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    text += "." + digits
    return text
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
