/// What each finding does to a run, and what to do about it.
extension ExtractFinding {
  /// True where a source or the landing folder could not be reached: the run ends with exit 3.
  public var isUnreachable: Bool { effect.hasSuffix("exit 3") }

  /// True where the source's settings are to blame: the run ends with exit 2.
  public var isWrongUse: Bool { effect.hasSuffix("exit 2") }

  /// What becomes of the run or the row.
  public var effect: String {
    switch self {
    case .fileNotFound, .fileNotReadable, .notAFile, .noMatchingFile, .fileChanged, .notTextFile,
      .gzipDamaged, .gzipTooLarge, .zstdDamaged, .zstdTooLarge, .headerNotReadable, .landedFileDamaged:
      "refuses the run"
    case .sourceUnreachable, .sourceRefused, .sourceNotWhole, .sourceNotAnExport, .sourceTooLarge,
      .sourceNotTrusted, .nothingLanded, .landingNotWritable,
      .pageNotUnderstood, .recordWithoutKey, .cursorLoops, .pageRepeats, .pagesWithoutEnd, .rowsShift,
      .readingsDiffer, .totalChanges, .countDiffers, .windowReached, .nextElsewhere, .jobFailed,
      .tokenRefused,
      .noticedRecordsGone, .landedChangesGap, .refreshTokenNotKept:
      "refuses the run, exit 3"
    case .sourceNotFetchable, .secretMissing:
      "refuses the run, exit 2"
    case .jsonCutOff, .noRecords, .badFieldPath, .missingField:
      "refuses the run"
    case .jsonSyntax, .jsonTooDeep, .severalDocuments:
      "quarantines the line; refuses the run where the file is one document"
    case .impossibleFormat:
      "refuses the run; warns where the delimiter is a line break, and another is detected"
    case .emptyFile, .duplicateColumn, .unnamedColumn, .columnsIgnored, .encodingContradicted,
      .rowsAfterFooter, .noElements, .moreElsewhere, .refreshTokenReplaced, .noChangeTime:
      "warns"
    case .lengthNotSaid:
      "warns where `unknown_length: accept` is said; else refuses the run, exit 3"
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
    case .gzipDamaged, .zstdDamaged:
      "Fetch the file again."
    case .gzipTooLarge, .zstdTooLarge:
      "Look at the file; if it is what it should be, raise `max_inflation` or `max_inflated` in `format`."
    case .sourceUnreachable:
      "Check host, network and proxy; raise `timeouts` or `retry` of the source if it is just slow."
    case .sourceRefused:
      "Check the URL, the credentials, and what they may read."
    case .sourceNotWhole:
      "Look at what the server sends, and at what is between it and this machine."
    case .sourceNotAnExport:
      "Open the URL with the same credentials: is it the export itself, and is the login still good?"
    case .sourceTooLarge:
      "If the file is really that large, raise `max_size`."
    case .sourceNotTrusted:
      "Check that it is the right host; then name its authority in `authorities`, or its key in `known_hosts` or `fingerprint`."
    case .sourceNotFetchable:
      "Correct what the message names."
    case .secretMissing:
      "Set the variable, or write the file, where the program runs."
    case .lengthNotSaid:
      "Let the server send `Content-Length`, or the file compressed; or take it on trust with `transfer: {unknown_length: accept}`."
    case .nothingLanded:
      "Run once without `--offline`."
    case .landedFileDamaged:
      "Run without `--offline`: the file is fetched again."
    case .landingNotWritable:
      "Make room, or give the account that runs this permission to write there."
    case .pageNotUnderstood:
      "Open the URL with the same credentials, and compare the page with the connector's file."
    case .recordWithoutKey:
      "Correct `key` of the stream."
    case .cursorLoops:
      "Run again; if it stays, `page` of the stream is not what the API does."
    case .pageRepeats:
      "Check the parameter's name in `page` of the stream."
    case .pagesWithoutEnd:
      "Check `page` and `key` of the stream."
    case .rowsShift:
      "Run at a quieter hour, or let the API sort by what does not change."
    case .readingsDiffer:
      "Run at a quieter hour; where records differ in each reply without having changed, say `version`."
    case .totalChanges:
      "Run at a quieter hour."
    case .countDiffers:
      "Check `parameters`, `key` and `count` of the stream: records may be left out that the count includes."
    case .windowReached:
      "Let the stream ask for less at once; a question for changes has to be sorted by its time."
    case .nextElsewhere:
      "Correct `base_url`, if that is where the API is."
    case .jobFailed:
      "Look at the job in the service; if it is just slow, raise `within`."
    case .tokenRefused:
      "Check client, secret and refresh token."
    case .noticedRecordsGone:
      "Correct the path in `notices`; where it is right, run again: the API did not answer as it should."
    case .landedChangesGap:
      "Run once without `--offline`."
    case .refreshTokenReplaced:
      "Put the token into a file and say `rotates: true`, let the service issue lasting refresh tokens, or use `client_credentials`."
    case .refreshTokenNotKept:
      "Let the account that runs this write in the file's folder, and keep room there."
    case .noChangeTime:
      "Give the stream `without_time`, or `full_every`."
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
    case .moreElsewhere:
      "Export the other pages, too: as further files, or, of an array within a document, with a larger page."
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
