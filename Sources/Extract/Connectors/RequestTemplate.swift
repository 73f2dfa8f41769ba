import Model

/// A stream's way of asking, with the lower bound or the id put in: makes the request for each page.
struct RequestTemplate {
  var request: StreamRequest
  /// What `{since}`, `{until}` and `{id}` stand for.
  var values: [String: String] = [:]
  /// Whether `"{since}"` alone is a number in a body.
  var hasNumbers = false

  /// What asks for a certain page.
  enum Page {
    case first
    /// The page parameter's value: as a text, and as JSON.
    case value(String, json: String)
    case url(String)
  }

  init(_ request: StreamRequest) { self.request = request }

  /// - Parameter seconds: The lower bound.
  init(_ request: StreamRequest, since seconds: Int64, _ format: InstantFormat, now: Int64) {
    self.request = request
    values["since"] = format.write(seconds)
    // What changes while it is read is read the next time.
    values["until"] = format.write(now + format.unit)
    hasNumbers = format.isNumber
  }

  func page(_ page: Page, at base: String) throws(StreamFault) -> ServiceRequest {
    var parameters = request.parameters.map { ($0.name, filled($0.value)) }
    var body: String?
    if let text = request.body { body = document(text) }
    func set(_ name: String, _ value: String, json: String) throws(StreamFault) {
      if let text = body {
        body = try Self.setting(name, to: json, in: text)
      } else {
        parameters.removeAll { $0.0 == name }
        parameters.append((name, value))
      }
    }
    if let size = request.size { try set(size.name, String(size.count), json: String(size.count)) }
    switch (page, request.page) {
    case (.first, .number(let name, let first)): try set(name, String(first), json: String(first))
    case (.first, .offset(let name)): try set(name, "0", json: "0")
    case (.value(let value, let json), _):
      if let name = request.page.parameter { try set(name, value, json: json) }
    case (.first, _), (.url, _): break
    }
    var url = base + Self.filled(request.path, values.mapValues { percentEncoded($0) })
    let query = parameters.map { percentEncoded($0.0) + "=" + percentEncoded($0.1) }.joined(separator: "&")
    if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + query }
    if case .url(let whole) = page { url = whole }
    var result = ServiceRequest(url)
    result.method = request.method == .post ? .post : .get
    result.body = body.map { Array($0.utf8) }
    result.isDelimited = request.format == .csv
    return result
  }

  private func filled(_ text: String) -> String { Self.filled(text, values) }

  private static func filled(_ text: String, _ values: [String: String]) -> String {
    guard text.contains("{") else { return text }
    return values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  /// A JSON document with the values put in.
  func document(_ text: String) -> String {
    var text = text
    for (name, value) in values where name != "id" && hasNumbers {
      text = text.replacing("\"{\(name)}\"", with: value)
    }
    return Self.filled(text, values.mapValues(Self.escaped))
  }

  /// A text as it stands between quotes in JSON.
  static func escaped(_ text: String) -> String {
    text.replacing(scalar: "\\", with: "\\\\").replacing(scalar: "\"", with: "\\\"")
  }

  /// A JSON document with a field, given by a dotted path, set to a JSON value.
  static func setting(_ field: String, to value: String, in document: String) throws(StreamFault) -> String {
    let json = JSONText()
    do throws(JSONTextFault) {
      try json.load(Array(document.utf8))
    } catch {
      throw StreamFault(.sourceNotFetchable, field, "the request's body is no JSON: \(error.reason)")
    }
    var names = FieldPath(field)?.names ?? [field]
    var object = JSONText.root
    while let name = names.first, json.isObject(object), let next = json.member(Array(name.utf8), of: object)
    {
      object = next
      names.removeFirst()
    }
    var bytes = json.bytes
    let wrapped = names.dropFirst().reversed().reduce(value) { "{\"\(escaped($1))\":\($0)}" }
    if let name = names.first, json.isObject(object) {
      let start = json.offset(object) + 1
      let isEmpty = json.isEmpty(object)
      bytes.replaceSubrange(
        start..<start, with: Array("\"\(escaped(name))\":\(wrapped)\(isEmpty ? "" : ",")".utf8))
    } else {
      bytes.replaceSubrange(json.range(object), with: Array(wrapped.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PageStyle {
  /// What asks for another page; nil where a URL does.
  var parameter: String? {
    switch self {
    case .lastID(let name), .token(_, let name), .headerToken(_, let name), .number(let name, _),
      .offset(let name):
      name
    case .single, .nextURL, .link: nil
    }
  }

  /// Whether rows that come or go move all others from page to page.
  var shifts: Bool {
    switch self {
    case .number, .offset: true
    case .single, .lastID, .token, .headerToken, .nextURL, .link: false
    }
  }
}
