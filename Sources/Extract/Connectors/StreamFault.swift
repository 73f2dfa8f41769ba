import Model

/// Why a stream could not be read to its end.
struct StreamFault: Error {
  var name: ExtractFinding
  /// The URL that was asked, or the stream, without secrets.
  var shownAs: String
  /// Offset in the page.
  var byte: Int?
  /// What stands there, on one line.
  var excerpt: String?
  /// A whole sentence.
  var problem: String
  var remedy: String?
  /// Whether the service may have changed under the reader, so that reading from the start may go better.
  var isWorthRereading = false
  /// The API does not remember changes for that long any more: everything has to be read.
  var isForgotten = false

  init(
    _ name: ExtractFinding, _ shownAs: String, _ problem: String, byte: Int? = nil, remedy: String? = nil,
    isWorthRereading: Bool = false
  ) {
    self.name = name
    self.shownAs = shownAs
    self.problem = problem
    self.byte = byte
    self.remedy = remedy
    self.isWorthRereading = isWorthRereading
  }

  init(forgotten stream: String, _ reason: String) {
    self.init(.sourceUnreachable, stream, reason)
    isForgotten = true
  }

  init(_ fault: TransferFault) {
    let tries = fault.attempts == 1 ? "1 try" : "\(fault.attempts) tries in \(seconds(fault.elapsed))"
    self.init(
      fault.name, fault.shownAs, "\(fault.shownAs) cannot be fetched: \(fault.problem) (\(tries))",
      remedy: fault.remedy.replacing("in `files`", with: "in the connector"))
  }

  func finding(of source: String) -> Finding {
    Finding(
      .error, name, at: Place(file: shownAs, byte: byte), problem, excerpt: excerpt,
      consequence: "nothing of source `\(source)` is read, and nothing is published", remedy: remedy)
  }
}
