/// One request to an API, before it is said who asks.
struct ServiceRequest {
  enum Method { case get, post, head }

  var method = Method.get
  var url: String
  /// JSON.
  var body: [UInt8]?
  /// Statuses beside 200 that are an answer.
  var answers: Set<Int> = []
  var isDelimited = false

  init(_ url: String) { self.url = url }

  /// What tells it from others.
  var digest: UInt64 {
    var hasher = Hasher()
    hasher.combine(url)
    hasher.combine(body)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}

/// What came of it.
struct ServiceReply {
  var reply: Reply
  /// The request's URL without secrets.
  var shownAs: String
  /// The body, unpacked; empty where it is delimited text.
  var text: [UInt8] = []
  /// Where a delimited text lies; who reads it removes it.
  var path: String?
}
