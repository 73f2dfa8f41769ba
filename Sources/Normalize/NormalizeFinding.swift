import Model

/// Every name under which this stage reports a fault: findings of a file or a source, and reasons for
/// quarantine.
///
/// `Documentation/Findings.md` is generated from here; a name is never reused for another fault.
public enum NormalizeFinding: String, CaseIterable, Sendable {
  case missingColumn = "missing-column"
  case ambiguousColumn = "ambiguous-column"
  case unmappedColumn = "unmapped-column"
  case badTemplate = "bad-template"
  case badDatePattern = "bad-date-pattern"
  case badConstant = "bad-constant"
  case minorUnitsWithoutCurrency = "minor-units-without-currency"
  case fileNameWithoutDate = "file-name-without-date"
  case futureFileName = "future-file-name"
  case noDataThrough = "no-data-through"
  case quarantineShare = "quarantine-share"
  case rowsQuarantined = "rows-quarantined"
  case equalFiles = "equal-files"
  case repeatedRow = "repeated-row"
  case supersededRow = "superseded-row"

  case missingValue = "missing-value"
  case roundedId = "rounded-id"
  case badNumber = "bad-number"
  case tooPrecise = "too-precise"
  case tooLarge = "too-large"
  case notWhole = "not-whole"
  case negativeValue = "negative-value"
  case badDate = "bad-date"
  case impossibleDate = "impossible-date"
  case dateOutOfRange = "date-out-of-range"
  case badFlag = "bad-flag"
  case unknownChoice = "unknown-choice"
  case unmappedValue = "unmapped-value"
  case refusedValue = "refused-value"
  case unknownCurrency = "unknown-currency"
  case currencyConflict = "currency-conflict"
  case endBeforeStart = "end-before-start"
  case textTooLong = "text-too-long"
  case duplicateId = "duplicate-id"

  /// What the name stands for.
  public enum Effect: String, Sendable {
    /// Nothing is published, the run ends with exit 1.
    case refusesRun = "refuses the run"
    /// One row goes to quarantine; its key keeps the last good version.
    case quarantinesRow = "quarantines the row"
    case warning = "warns"
    case note = "is noted"
  }

  public var effect: Effect {
    switch self {
    case .missingColumn, .ambiguousColumn, .unmappedColumn, .badTemplate, .badDatePattern, .badConstant,
      .minorUnitsWithoutCurrency, .fileNameWithoutDate, .futureFileName, .noDataThrough,
      .quarantineShare:
      .refusesRun
    case .rowsQuarantined, .equalFiles: .warning
    case .repeatedRow, .supersededRow: .note
    case .missingValue, .roundedId, .badNumber, .tooPrecise, .tooLarge, .notWhole, .negativeValue, .badDate,
      .impossibleDate,
      .dateOutOfRange, .badFlag, .unknownChoice, .unmappedValue, .refusedValue, .unknownCurrency,
      .currencyConflict,
      .endBeforeStart,
      .textTooLong, .duplicateId:
      .quarantinesRow
    }
  }

  public var severity: Finding.Severity {
    switch effect {
    case .refusesRun: .error
    case .warning, .quarantinesRow: .warning
    case .note: .note
    }
  }

  /// One sentence: what is wrong.
  public var meaning: String {
    switch self {
    case .missingColumn: "A column the mapping names is not in the file's header."
    case .ambiguousColumn:
      "A column of the mapping stands several times in the header, or matches several when case and outer spaces are ignored."
    case .unmappedColumn: "The mapping gives no source for something every row of the entity needs."
    case .badTemplate: "A template has a brace without its partner, or names no column."
    case .badDatePattern: "A date pattern has no year or month, or a run of letters that is no field."
    case .badConstant:
      "A constant, default or mapped value of the configuration cannot be read as its column's kind."
    case .minorUnitsWithoutCurrency:
      "An amount is in minor units, but the entity maps no currency that says how many make one major unit."
    case .fileNameWithoutDate: "The file's name does not match the pattern its snapshot date is read from."
    case .futureFileName: "The date in the file's name lies more than two days after this machine's clock."
    case .noDataThrough: "No row of the source has a value in the column that says how far its data reaches."
    case .quarantineShare: "More of a source's rows are in quarantine than its configuration allows."
    case .rowsQuarantined:
      "Some rows of a source are in quarantine, within the share its configuration allows."
    case .equalFiles:
      "Files of a source are the same, byte for byte, and have rows without an id of their own, which count for each of them."
    case .repeatedRow: "Rows repeat another row of the same id exactly; each is taken once."
    case .supersededRow: "A later dated file of a delta source has the same id; the later row is taken."
    case .missingValue: "A value the entity needs is missing."
    case .roundedId:
      "A spreadsheet has rounded an id to something like `1.23456E+12`, which others may have become, too."
    case .badNumber: "The text is not a number as the file's format writes them."
    case .tooPrecise: "The number has more decimals than can be kept exactly."
    case .tooLarge: "The number is outside the range that can be kept."
    case .notWhole: "A whole number is needed."
    case .negativeValue: "The number is below what the column may hold."
    case .badDate: "The text is not written as the declared date format says."
    case .impossibleDate: "The text is written as declared, but there is no such day or time."
    case .dateOutOfRange:
      "The date is outside the years 1 to 9999, or one from which something counts is before 1900."
    case .badFlag: "The text is neither a yes nor a no."
    case .unknownChoice: "The text is none of the values the column knows."
    case .refusedValue:
      "A field has a value with which the row could not be told exactly: the mapping refuses it (`refused`)."
    case .unmappedValue: "The text is not in the mapping's `map`, and there is no `otherwise`."
    case .unknownCurrency: "The text is not an ISO 4217 currency code."
    case .currencyConflict: "The amount is written with another currency than the row's."
    case .endBeforeStart: "The end lies before the start."
    case .textTooLong: "A text is longer than 16 MiB."
    case .duplicateId:
      "Rows of one id differ, and nothing says which is right: all of them are in quarantine."
    }
  }

  /// One sentence: what to do.
  public var remedy: String {
    switch self {
    case .missingColumn:
      "Correct the column's name in the mapping, or export the column; where lines stand above the header, say how many: `format: {skip_lines: 2}`."
    case .ambiguousColumn:
      "Write the column's name exactly as in the header, or `name#1`, `name#2` where it stands twice."
    case .unmappedColumn: "Map it to a column, or state `{constant: ...}`."
    case .badTemplate: "Write column names in braces: `\"{Account}-{Month}\"`."
    case .badDatePattern: "Use the fields YYYY YY MM M MMM DD D hh mm ss Z: `DD.MM.YYYY`."
    case .badConstant: "Write the value as the column's kind demands."
    case .minorUnitsWithoutCurrency: "Map `currency`, if only as `{constant: USD}`."
    case .fileNameWithoutDate: "Correct the pattern in `data_through`, or narrow `files`."
    case .futureFileName:
      "Correct the date in the file's name, or the pattern it is read by; or this machine's clock, if that is wrong."
    case .noDataThrough: "Correct `data_through`, or take `as_of`."
    case .quarantineShare: "Mend the rows or the mapping, or raise `quarantine: {max_share: ...}`."
    case .rowsQuarantined: "`perennial quarantine` lists them with their reasons."
    case .equalFiles:
      "Remove the file that is too many, or narrow `files`; where both are meant, map an `id`."
    case .repeatedRow:
      "Nothing, unless the rows should be different ones: then map an id that tells them apart."
    case .supersededRow: "Nothing."
    case .missingValue: "Fill it in, or give the mapping a `default`."
    case .roundedId: "Export it again with the column as text."
    case .badNumber:
      "Declare how the file writes numbers (`format: {decimal: \",\"}`), list the text under `missing`, or correct the row."
    case .tooPrecise: "Round the number at its source."
    case .tooLarge: "Correct the row."
    case .notWhole: "Correct the row."
    case .negativeValue: "Correct the row, or map another column."
    case .badDate: "State the format in the mapping (`date: DD.MM.YYYY`), or list the text under `missing`."
    case .impossibleDate: "Correct the row."
    case .dateOutOfRange: "If the text means \"no date\", list it under `missing`."
    case .badFlag: "Use true/false, yes/no, t/f, y/n or 1/0, or give the mapping a `map`."
    case .unknownChoice: "Give the mapping a `map` from the file's texts to these values."
    case .refusedValue: "Change the record in its system, or say in the mapping how it is to be read."
    case .unmappedValue: "Add the text to `map`, or state `otherwise`."
    case .unknownCurrency: "Correct the row, or give the mapping a `map` from the file's texts to codes."
    case .currencyConflict: "Correct the row, or map the currency's own column."
    case .endBeforeStart: "Correct the row, or check which columns are mapped to start and end."
    case .textTooLong: "Check the file's quotes: an open one swallows what follows."
    case .duplicateId:
      "Map an id that tells the rows apart, or remove all but one; of dated files keep the latest, or declare `extent: delta`."
    }
  }

  /// The section of `Documentation/Findings.md` about this stage, in Markdown.
  public static var reference: String {
    var text = "## Normalize: from records to entity rows\n\n"
    text += "| name | what is wrong | what it does | what to do |\n|---|---|---|---|\n"
    for name in allCases {
      text += "| `\(name.rawValue)` | \(name.meaning) | \(name.effect.rawValue) | \(name.remedy) |\n"
    }
    return text
  }

  func finding(at place: Place?, _ problem: String, consequence: String? = nil, remedy: String? = nil)
    -> Finding
  {
    Finding(
      severity, rawValue, at: place, problem, consequence: consequence ?? defaultConsequence,
      remedy: remedy ?? self.remedy)
  }

  private var defaultConsequence: String? {
    switch effect {
    case .refusesRun: "nothing is published"
    case .quarantinesRow: "the row is in quarantine; an id that had a good version keeps it"
    case .warning, .note: nil
    }
  }
}
