import Model

/// The objects of a bucket whose keys match a pattern, listed page by page (ListObjectsV2).
struct S3Listing {
  let bucket: String
  let access: SourceAccess.S3
  let credentials: Credentials
  let queue: TransferQueue

  func files(_ pattern: String) -> Result<[RemoteFile], TransferFault> {
    let wanted = PathPattern(pattern)
    if wanted.isLiteral {
      return .success([RemoteFile(url: base + "/" + encoded(pattern), shownAs: "s3://\(bucket)/\(pattern)")])
    }
    var files: [RemoteFile] = []
    var token: String?
    var tokens: Set<String> = []
    repeat {
      let page: S3Page
      switch read(prefix: wanted.prefix, token) {
      case .failure(let fault): return .failure(fault)
      case .success(let read): page = read
      }
      for object in page.objects where wanted.matches(object.key) && !object.key.hasSuffix("/") {
        files.append(
          RemoteFile(
            url: base + "/" + encoded(object.key), shownAs: "s3://\(bucket)/\(object.key)", etag: object.etag,
            size: object.size))
      }
      token = page.next
      if let token, !tokens.insert(token).inserted {
        return .failure(fault("the listing names one page twice: it would never end"))
      }
    } while token != nil
    return .success(files)
  }

  private func read(prefix: String, _ token: String?) -> Result<S3Page, TransferFault> {
    // Sorted by name: the signature needs them so.
    let parameters =
      (token.map { ["continuation-token=" + percentEncoded($0)] } ?? [])
      + ["encoding-type=url", "list-type=2", "prefix=" + percentEncoded(prefix)]
    let request = TransferRequest(
      base + "/?" + parameters.joined(separator: "&"), shownAs: "s3://\(bucket)/\(prefix)",
      credentials: credentials, sink: .memory(limit: 1 << 25))
    return queue.perform(request).flatMap { reply in
      S3Page(String(decoding: reply.body, as: UTF8.self)).map(Result.success)
        ?? .failure(fault("the answer is no whole listing of a bucket"))
    }
  }

  private func fault(_ problem: String) -> TransferFault {
    TransferFault(
      name: .sourceNotWhole, shownAs: "s3://\(bucket)", problem: problem, attempts: 1, elapsed: 0,
      remedy: "check `endpoint` of the source: is it an S3 service?")
  }

  /// Names with dots are in no certificate, and other services rarely have a host for each bucket.
  private var base: String {
    let endpoint = access.endpoint ?? "https://s3.\(access.region).amazonaws.com"
    let trimmed = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    guard !access.hasPathStyle, !bucket.contains("."), let mark = trimmed.firstRange(of: "://") else {
      return trimmed + "/" + percentEncoded(bucket)
    }
    return trimmed[..<mark.upperBound] + bucket + "." + trimmed[mark.upperBound...]
  }

  private func encoded(_ key: String) -> String { percentEncoded(key, keeping: "/") }
}

/// One page of a listing.
struct S3Page {
  struct Object: Equatable {
    var key: String
    /// In quotes, as the header has it.
    var etag: String?
    var size: Int64?
  }

  var objects: [Object] = []
  /// The token of the next page; nil on the last one.
  var next: String?

  /// nil where the text is no listing, or not all of one.
  init?(_ xml: String) {
    guard xml.contains("<ListBucketResult"), xml.contains("</ListBucketResult>") else { return nil }
    let isEncoded = Self.value("EncodingType", in: xml[...]) == "url"
    var rest = xml[...]
    while let start = rest.firstRange(of: "<Contents>"),
      let end = rest[start.upperBound...].firstRange(of: "</Contents>")
    {
      let entry = rest[start.upperBound..<end.lowerBound]
      guard let key = Self.value("Key", in: entry) else { return nil }
      objects.append(
        Object(
          key: isEncoded ? percentDecoded(key.replacing("+", with: " ")) : key,
          etag: Self.value("ETag", in: entry),
          size: Self.value("Size", in: entry).flatMap { Int64($0) }))
      rest = rest[end.upperBound...]
    }
    if let count = Self.value("KeyCount", in: xml[...]).flatMap({ Int($0) }), count != objects.count {
      return nil
    }
    if Self.value("IsTruncated", in: xml[...]) == "true" {
      guard let token = Self.value("NextContinuationToken", in: xml[...]), !token.isEmpty else { return nil }
      next = token
    }
  }

  private static func value(_ tag: String, in text: Substring) -> String? {
    guard let start = text.firstRange(of: "<\(tag)>"),
      let end = text[start.upperBound...].firstRange(of: "</\(tag)>")
    else { return nil }
    return unescaped(String(text[start.upperBound..<end.lowerBound]))
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    let named = [
      "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'", "&#34;": "\"", "&#39;": "'", "&#x22;": "\"",
    ]
    return named.reduce(text) { $0.replacing($1.key, with: $1.value) }.replacing("&amp;", with: "&")
  }
}
