import Project

/// Reads HTML as these reports write it: every tag closed in order, every attribute quoted, nothing from outside,
/// nothing that runs.
struct HTMLCheck {
  private(set) var faults: [String] = []
  private(set) var identifiers: Set<String> = []
  private(set) var links: Set<String> = []
  private static let empty: Set<String> = ["meta", "input", "wbr"]
  private static let allowed: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "p", "h1", "h2",
    "h3",
    "nav", "form", "fieldset", "legend", "label", "output", "input", "script",
    "ul",
    "ol", "li", "span", "i", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "small", "sup",
    "a", "dl",
    "dt", "dd", "figure", "svg", "desc", "wbr", "rect", "line", "path", "circle", "text",
  ]

  private static let script = builtInTemplates["script.js.mustache"] ?? ""

  /// In mail programs a style stands beside what it is for.
  private let isMail: Bool

  init(_ html: String, isMail: Bool = false) {
    self.isMail = isMail
    var open: [String] = []
    var rest = Substring(html)
    guard rest.hasPrefix("<!DOCTYPE html>\n") else {
      faults.append("no document type")
      return
    }
    rest = rest.dropFirst("<!DOCTYPE html>\n".count)
    while let start = rest.firstIndex(of: "<") {
      if rest[..<start].contains(">") && open.last != "style" {
        faults.append("a stray > in '\(rest[..<start])'")
      }
      guard let end = rest[start...].firstIndex(of: ">") else {
        faults.append("a tag without end")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        if open.popLast() != String(tag.dropFirst()) { faults.append("</\(tag.dropFirst())> closes nothing") }
        continue
      }
      let name = String(tag.prefix { $0.isLetter || $0.isNumber })
      if !Self.allowed.contains(name) { faults.append("<\(name)> is not expected") }
      readAttributes(tag.dropFirst(name.count), of: name)
      if name == "script" {
        // The one script of the library, word for word.
        guard !isMail, tag == "script", rest.hasPrefix("\n" + Self.script),
          identifiers.insert("script").inserted
        else {
          faults.append("a script that is not the report's own")
          return
        }
        rest = rest.dropFirst(Self.script.count + 1)
      }
      if !Self.empty.contains(name), !tag.hasSuffix("/") { open.append(name) }
    }
    if !open.isEmpty { faults.append("not closed: \(open)") }
    for link in links where !identifiers.contains(link) { faults.append("#\(link) leads nowhere") }
    // Customer text may say these words; a tag, an attribute or a style may not.
    for active in ["url(", "@import", "=\"http", "=\"javascript"] where html.contains(active) {
      faults.append("contains \(active)")
    }
  }

  private mutating func readAttributes(_ text: Substring, of name: String) {
    var rest = text
    while true {
      rest = rest.drop { $0 == " " }
      if rest.isEmpty || rest == "/" { return }
      guard let equals = rest.firstIndex(of: "="), rest[rest.index(after: equals)...].hasPrefix("\"") else {
        faults.append("<\(name)>: '\(rest)' is no attribute")
        return
      }
      let attribute = rest[..<equals]
      let value = rest[equals...].dropFirst(2)
      guard let quote = value.firstIndex(of: "\"") else {
        faults.append("<\(name)>: \(attribute) has no end")
        return
      }
      let content = String(value[..<quote])
      rest = value[quote...].dropFirst()
      if attribute == "id", !identifiers.insert(content).inserted { faults.append("id \(content) twice") }
      if attribute.hasPrefix("on") || attribute == "src" || attribute == "style" && !isMail {
        faults.append("<\(name)> has \(attribute)")
      }
      if attribute == "href" {
        if content.hasPrefix("#") {
          links.insert(String(content.dropFirst()))
        } else {
          faults.append("a link to \(content)")
        }
      }
    }
  }
}
