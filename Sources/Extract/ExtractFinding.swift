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
  case zstdDamaged = "zstd-damaged"
  case zstdTooLarge = "zstd-too-large"
  case sourceUnreachable = "source-unreachable"
  case sourceRefused = "source-refused"
  case sourceNotWhole = "source-not-whole"
  case sourceNotAnExport = "source-not-an-export"
  case sourceTooLarge = "source-too-large"
  case sourceNotTrusted = "source-not-trusted"
  case sourceNotFetchable = "source-not-fetchable"
  case secretMissing = "secret-missing"
  case lengthNotSaid = "length-not-said"
  case nothingLanded = "nothing-landed"
  case landedFileDamaged = "landed-file-damaged"
  case landingNotWritable = "landing-not-writable"
  case pageNotUnderstood = "page-not-understood"
  case recordWithoutKey = "record-without-key"
  case cursorLoops = "cursor-loops"
  case pageRepeats = "page-repeats"
  case pagesWithoutEnd = "pages-without-end"
  case rowsShift = "rows-shift"
  case readingsDiffer = "readings-differ"
  case totalChanges = "total-changes"
  case countDiffers = "count-differs"
  case windowReached = "window-reached"
  case nextElsewhere = "next-elsewhere"
  case jobFailed = "job-failed"
  case tokenRefused = "token-refused"
  case noticedRecordsGone = "noticed-records-gone"
  case landedChangesGap = "landed-changes-gap"
  case refreshTokenReplaced = "refresh-token-replaced"
  case refreshTokenNotKept = "refresh-token-not-kept"
  case noChangeTime = "no-change-time"
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
  case moreElsewhere = "more-elsewhere"
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
    case .zstdDamaged:
      "The compressed data (zstd) is damaged, cut off, or followed by something else."
    case .zstdTooLarge:
      "The file (zstd) inflates to far more than an export of its size does."
    case .sourceUnreachable:
      "A file could not be fetched, though it was tried as often as `retry` allows."
    case .sourceRefused:
      "The server refuses to give the file, and trying again would not help."
    case .sourceNotWhole:
      "What came is not whole: it is shorter, damaged or has another digest than the server says."
    case .sourceNotAnExport:
      "Something else came in place of the export: an HTML page, an error, an image."
    case .sourceTooLarge:
      "More was sent than `max_size` allows."
    case .sourceNotTrusted:
      "The host could not prove who it is: its certificate or its key is not one that is trusted."
    case .sourceNotFetchable:
      "The source's settings cannot be used."
    case .secretMissing:
      "A secret the source needs is not there."
    case .lengthNotSaid:
      "The server says neither how long the file is nor where it ends; a cut one would look whole."
    case .nothingLanded:
      "`--offline` was said, and no earlier run has landed the source's files."
    case .landedFileDamaged:
      "A file in the landing folder is gone, or is not what was landed."
    case .landingNotWritable:
      "The landing folder cannot be written."
    case .pageNotUnderstood:
      "A page of an API is not what its connector says: no JSON, no array of records, no word on whether there is more."
    case .recordWithoutKey:
      "A record of an API has no id where its connector says, so that repeated ones cannot be told from different ones."
    case .cursorLoops:
      "An API says that the next page is one that was read already."
    case .pageRepeats:
      "An API sends the same page again where the next one was asked for."
    case .pagesWithoutEnd:
      "An API goes on sending pages without anything new."
    case .rowsShift:
      "Rows move from page to page while an API is read, each time it is read again from the start."
    case .readingsDiffer:
      "An API asked for pages by number or offset has other records in each of four readings, so that none shows that nothing was passed over."
    case .totalChanges:
      "The count an API says changes while its pages are read, each time it is read again from the start."
    case .countDiffers:
      "Another number of records came than the API says there are."
    case .windowReached:
      "An API gives so many records to one question and no more, and there may be more."
    case .nextElsewhere:
      "An API says that its next page is at another host; credentials are sent to no other."
    case .jobFailed:
      "A job an API was given failed, or did not end in time."
    case .tokenRefused:
      "No access token is to be had, or the API takes none of those it was given."
    case .noticedRecordsGone:
      "The API does not know by the path in `notices` even a record that its list has now; a 404 there tells no deletion."
    case .landedChangesGap:
      "`--offline` was said, and what has landed are changes that do not go on where the warehouse ends."
    case .refreshTokenReplaced:
      "The service gave another refresh token, which is kept nowhere; the old one may be good no more."
    case .refreshTokenNotKept:
      "A refresh token that the service replaces cannot be read from its file, or the new one not written there."
    case .noChangeTime:
      "Records have no time of change: a question for changes never gives them."
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
    case .moreElsewhere:
      "Beside an array stands `has_more: true`: what is read is one page of several."
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
