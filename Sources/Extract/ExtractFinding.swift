import Model

/// Every name under which files and their rows are found fault with, and what is said about it in general.
///
/// Documentation/Findings.md has a section generated from here; a name is never reused for another fault.
public enum ExtractFinding: String, CaseIterable, Sendable {
  case fileNotFound = "file-not-found"
  case fileNotReadable = "file-not-readable"
  case notAFile = "not-a-file"
  case noMatchingFile = "no-matching-file"
  case fileChanged = "file-changed"
  case notTextFile = "not-text-file"
  case gzipDamaged = "gzip-damaged"
  case gzipTooLarge = "gzip-too-large"
  case impossibleFormat = "impossible-format"
  case headerNotReadable = "header-not-readable"
  case emptyFile = "empty-file"
  case duplicateColumn = "duplicate-column"
  case unnamedColumn = "unnamed-column"
  case columnsIgnored = "columns-ignored"
  case encodingContradicted = "encoding-contradicted"
  case rowsAfterFooter = "rows-after-footer"
  case encodingDetected = "encoding-detected"
  case oneColumn = "one-column"
  case shortRow = "short-row"
  case longRow = "long-row"
  case openQuote = "open-quote"
  case textAfterQuote = "text-after-quote"
  case notText = "not-text"
  case nulByte = "nul-byte"
  case rowTooLong = "row-too-long"
  case jsonSyntax = "json-syntax"
  case jsonTooDeep = "json-too-deep"
  case jsonCutOff = "json-cut-off"
  case severalDocuments = "several-documents"
  case noRecords = "no-records"
  case badFieldPath = "bad-field-path"
  case missingField = "missing-field"
  case noElements = "no-elements"
  case notAnObject = "not-an-object"
  case wrongFieldKind = "wrong-field-kind"
  case duplicateField = "duplicate-field"
  case loneSurrogate = "lone-surrogate"

  /// One sentence: what is wrong.
  public var sentence: String {
    switch self {
    case .fileNotFound:
      "There is no file at the path."
    case .fileNotReadable:
      "The file is there and cannot be opened or read."
    case .notAFile:
      "The path is a folder, a pipe or a device."
    case .noMatchingFile:
      "A pattern of the source matches no file."
    case .fileChanged:
      "The file was written to while it was read."
    case .notTextFile:
      "The file is a workbook, an archive or something else that is no delimited text."
    case .gzipDamaged:
      "The compressed data is damaged, cut off, or followed by something else."
    case .gzipTooLarge:
      "The file inflates to far more than an export of its size does."
    case .impossibleFormat:
      "The declared format cannot be read by, whatever the file holds."
    case .headerNotReadable:
      "The header has a faulty quote, or is not text in the file's encoding."
    case .emptyFile:
      "The file holds no header and no record."
    case .duplicateColumn:
      "Two columns have one name; a mapping says `name#1` or `name#2`, and `name` alone is refused."
    case .unnamedColumn:
      "A column has no name; the fifth one is reached as `column#5`."
    case .columnsIgnored:
      "`columns` is declared, and the file has a header, whose names count."
    case .encodingContradicted:
      "The file's byte order mark says another encoding than the configuration; the mark counts."
    case .rowsAfterFooter:
      "Rows that look like records stand behind the footer; they are not read."
    case .encodingDetected:
      "The file is not UTF-8 and says no encoding; one was found from its bytes."
    case .oneColumn:
      "None of the usual delimiters separates fields; the file is read as one column."
    case .shortRow:
      "The row has fewer fields than the header."
    case .longRow:
      "The row has more fields than the header."
    case .openQuote:
      "A quote is never closed, or only on a later line with other text behind it; the lines behind are read as rows."
    case .textAfterQuote:
      "Text follows a closing quote."
    case .notText:
      "The row holds bytes that are not text in the file's encoding."
    case .nulByte:
      "The row holds a NUL byte."
    case .rowTooLong:
      "The row, or the JSON document that is a record, is longer than 16 MiB."
    case .jsonSyntax:
      "The text is no JSON; the place is that of the first byte that cannot be."
    case .jsonTooDeep:
      "Objects and arrays are nested more than 1024 deep."
    case .jsonCutOff:
      "The file ends in the middle of its JSON, or holds none."
    case .severalDocuments:
      "Another JSON document follows the first, in a file of one or on a line."
    case .noRecords:
      "The JSON document is no array, and has none where `records` says."
    case .badFieldPath:
      "A field's path is no path, or a field is mapped both as a value and as an object."
    case .missingField:
      "A field the mapping names is in no record of a JSON file."
    case .noElements:
      "Documents have nothing in the array that `each` names."
    case .notAnObject:
      "A record is a JSON value that is no object."
    case .wrongFieldKind:
      "A JSON object or array stands where the mapping wants a value, or a value where it wants an object or array."
    case .duplicateField:
      "A field the mapping names stands twice in one JSON object."
    case .loneSurrogate:
      "A mapped JSON text holds half of a surrogate pair, which is no character."
    }
  }

  /// What becomes of the run or the row.
  public var effect: String {
    switch self {
    case .fileNotFound, .fileNotReadable, .notAFile, .noMatchingFile, .fileChanged, .notTextFile,
      .gzipDamaged, .gzipTooLarge, .headerNotReadable:
      "refuses the run"
    case .jsonCutOff, .noRecords, .badFieldPath, .missingField:
      "refuses the run"
    case .jsonSyntax, .jsonTooDeep, .severalDocuments:
      "quarantines the line; refuses the run where the file is one document"
    case .impossibleFormat:
      "refuses the run; warns where the delimiter is a line break, and another is detected"
    case .emptyFile, .duplicateColumn, .unnamedColumn, .columnsIgnored, .encodingContradicted,
      .rowsAfterFooter, .noElements:
      "warns"
    case .encodingDetected, .oneColumn:
      "is noted"
    case .notText, .rowTooLong:
      "quarantines the row; refuses the run where the file is one JSON document"
    case .shortRow, .longRow, .openQuote, .textAfterQuote, .nulByte, .notAnObject, .wrongFieldKind,
      .duplicateField, .loneSurrogate:
      "quarantines the row"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .fileNotFound:
      "Check the path in `files` of the source."
    case .fileNotReadable:
      "Give the account that runs this read permission; check the disk."
    case .notAFile:
      "Name files; for all files of a folder write `folder/*.csv`."
    case .noMatchingFile:
      "Put the export there, or correct `files`."
    case .fileChanged:
      "Let the export finish first, then run again."
    case .notTextFile:
      "Export as CSV, or unpack the file."
    case .gzipDamaged:
      "Fetch the file again."
    case .gzipTooLarge:
      "Look at the file; unpack it yourself if it is what it should be."
    case .impossibleFormat:
      "Correct `delimiter`, `quote`, `escape` or `columns` in `format`."
    case .headerNotReadable:
      "Correct the line, or declare `encoding` or `skip_lines` in `format`."
    case .emptyFile:
      "Check the export; a file without header needs `header: false` in `format`."
    case .duplicateColumn:
      "Name each column of the export once."
    case .unnamedColumn:
      "Name each column of the export."
    case .columnsIgnored:
      "Remove `columns`, or write `header: false`."
    case .encodingContradicted:
      "Declare the encoding the file has."
    case .rowsAfterFooter:
      "If the footer is a record, write a longer text in `footer`."
    case .encodingDetected:
      "Confirm it with `encoding` in `format`."
    case .oneColumn:
      "If another character does, declare `delimiter` in `format`."
    case .shortRow:
      "Correct the row; a text that ends the records belongs in `footer`."
    case .longRow:
      "Correct the row: a field with a delimiter in it must be quoted."
    case .openQuote:
      "Close the quote, or escape it."
    case .textAfterQuote:
      "Escape quotes inside of quotes."
    case .notText:
      "Correct the bytes, or declare the right `encoding`."
    case .nulByte:
      "Fetch the file again: it was damaged."
    case .rowTooLong:
      "Check that the file has one record a line; of a large JSON document say with `records` where its records are."
    case .jsonSyntax:
      "Correct the text, or fetch the file again."
    case .jsonTooDeep:
      "Look at the file: no export is nested so deep."
    case .jsonCutOff:
      "Fetch the file again: it was cut off, or is still being written."
    case .severalDocuments:
      "Write one document a line and say `format: {type: ndjson}`, or put them into one array."
    case .noRecords:
      "Say where the records are: `format: {records: data}`."
    case .badFieldPath:
      "Write names with dots between them, `customer.id`, or a JSON pointer, `/customer/id`."
    case .missingField:
      "Correct the field's name; where it may be missing say `optional: true`."
    case .noElements:
      "Nothing, if such documents are none of your business; else check `each`."
    case .notAnObject:
      "Export objects; fields have names."
    case .wrongFieldKind:
      "Map the field that holds the value, such as `customer.id`; for every element of an array say `each`."
    case .duplicateField:
      "Mend the export: a name may stand once in an object."
    case .loneSurrogate:
      "Correct the text at its source."
    }
  }

  /// The section of Documentation/Findings.md about this stage.
  public static var reference: String {
    let rows = allCases.map { "| `\($0.rawValue)` | \($0.sentence) | \($0.effect) | \($0.remedy) |\n" }
    return "## Extract: from files to records\n\n"
      + "| name | what is wrong | what it does | what to do |\n|---|---|---|---|\n" + rows.joined()
  }
}

extension Finding {
  init(
    _ severity: Severity, _ name: ExtractFinding, at place: Place?, _ problem: String, excerpt: String? = nil,
    consequence: String? = nil, remedy: String? = nil
  ) {
    self.init(
      severity, name.rawValue, at: place, problem, excerpt: excerpt, consequence: consequence,
      remedy: remedy ?? name.remedy)
  }
}
