import Model

/// Which of `,` `;` tab `|` separates the fields, judged by the first rows.
struct DelimiterDetection {
  private static let candidates = [",", ";", "\t", "|"]
  private static let rowLimit = 200

  var delimiter: String
  /// False when there are rows and none of them holds one: the file is read as one column.
  var isCertain: Bool

  /// Takes the delimiter that gives most rows the first row's number of fields, then the one with more fields; a comma
  /// that is declared to be the decimal mark only when no other is as good.
  ///
  /// - Parameters:
  ///   - sample: The text's beginning, behind skipped lines.
  ///   - isAll: Whether it is the whole text; else its last row is cut.
  init(_ sample: [UInt8], isAll: Bool, _ format: FileFormat) {
    var best: (delimiter: String, agreeing: Int, of: Int, width: Int)?
    var hasRows = false
    let candidates = format.decimalMark == 0x2C ? Self.candidates.dropFirst() + [","] : Self.candidates[...]
    for candidate in candidates where candidate.utf8.first != format.quote {
      let widths = Self.widths(sample, isAll: isAll, Dialect(format, delimiter: candidate))
      hasRows = hasRows || !widths.isEmpty
      let declared = format.header ? nil : format.columns?.count
      guard let width = declared ?? widths.lazy.compactMap(\.self).first, width > 1 else { continue }
      let agreeing = widths.count { $0 == width }
      guard agreeing > 0 else { continue }
      if let leader = best {
        let (mine, its) = (agreeing * leader.of, leader.agreeing * widths.count)
        let isDecimalMark = candidate.utf8.first == format.decimalMark
        guard mine > its || mine == its && width > leader.width && !isDecimalMark else { continue }
      }
      best = (candidate, agreeing, widths.count, width)
    }
    delimiter = best?.delimiter ?? ","
    isCertain = best != nil || !hasRows
  }

  /// Fields in each row; nil for a row that cannot be read.
  private static func widths(_ sample: [UInt8], isAll: Bool, _ dialect: Dialect) -> [Int?] {
    let special = SpecialBytes()
    return sample.withUnsafeBufferPointer { text in
      special.find(in: UnsafeRawBufferPointer(text), dialect)
      var scanner = RowScanner(text, special, dialect, line: 1, isLast: isAll)
      let fields = UnsafeMutablePointer<RecordBatch.Field>.allocate(capacity: special.count + 1)
      defer { fields.deallocate() }
      var widths: [Int?] = []
      while widths.count < rowLimit {
        switch scanner.next(fields) {
        case .fields(let count):
          if count == 1, fields[0].length == 0, !fields[0].quoted { continue }
          if dialect.skips(fields, count, in: text) { continue }
          widths.append(count)
        case .fault: widths.append(nil)
        case .comment: continue
        case .incomplete, .end: return widths
        }
      }
      return widths
    }
  }
}
