/// What shows, from its headers and first bytes, that a successful reply is not the export; nil where nothing does.
func unwanted(
  _ reply: Reply, beginning bytes: UnsafeRawBufferPointer, _ expects: TransferRequest.Expectation,
  _ masked: (String) -> String
) -> TransferEnd.Fault? {
  let encoding = reply.header("content-encoding")?.lowercased() ?? "identity"
  let isPacked = ["gzip", "x-gzip", "zstd"].contains(encoding)
  guard isPacked || encoding == "identity" || encoding.isEmpty else {
    return .notAnExport(
      "the server packs the file as `\(encoding)`, which it was not asked for", isWorthRetrying: false)
  }
  if encoding.hasSuffix("gzip"), !bytes.starts(with: [0x1F, 0x8B].prefix(bytes.count)) {
    return .notAnExport("the server says `gzip` and sends something else", isWorthRetrying: true)
  }
  if encoding == "zstd", !bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD].prefix(bytes.count)) {
    return .notAnExport("the server says `zstd` and sends something else", isWorthRetrying: true)
  }
  guard expects != .anything else { return nil }
  let type = String((reply.header("content-type") ?? "").lowercased().prefix { $0 != ";" && $0 != " " })
  let text = beginningOfText(bytes)
  // A maintenance page goes away again, a login page does not: they look the same.
  if type == "text/html" || type == "application/xhtml+xml" || text.hasPrefix("<!doctype html")
    || text.hasPrefix("<html")
  {
    let title = serverText(masked(String(decoding: bytes.prefix(4096), as: UTF8.self)))
    return .notAnExport(
      "an HTML page came with status 200 where an export was expected" + (isPacked ? "" : ": \(title)"),
      isWorthRetrying: true)
  }
  let isWrong =
    ["image", "audio", "video", "font", "multipart"].contains(String(type.prefix { $0 != "/" }))
    || [
      "application/pdf", "application/xml", "text/xml", "text/css", "application/javascript",
      "text/javascript",
    ]
    .contains(type)
    || expects == .delimited && (type == "application/json" || type.hasSuffix("+json"))
  guard isWrong else { return nil }
  let words = isPacked ? "" : ": \(serverText(masked(String(decoding: bytes.prefix(1024), as: UTF8.self))))"
  let isText =
    !["image", "audio", "video", "font"].contains(String(type.prefix { $0 != "/" }))
    && type != "application/pdf"
  return .notAnExport(
    "`\(type)` came where \(expects.inWords) was expected" + (isText ? words : ""),
    isWorthRetrying: false)
}

extension TransferRequest.Expectation {
  fileprivate var inWords: String {
    switch self {
    case .delimited: "a delimited text"
    case .json: "JSON"
    case .records, .anything: "an export"
    }
  }
}

/// Small letters of the first text, behind a byte order mark and blanks.
private func beginningOfText(_ bytes: UnsafeRawBufferPointer) -> String {
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  return String(decoding: bytes.dropFirst(start).drop { $0 <= 0x20 }.prefix(16), as: UTF8.self).lowercased()
}
