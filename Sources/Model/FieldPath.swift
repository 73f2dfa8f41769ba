/// The way to a field of a JSON document: `customer.id`, or as a JSON pointer (RFC 6901) `/customer/id`.
///
/// The pointer is how names with a dot are written: `/metadata/crm.id`; in it `~1` stands for `/`, `~0` for `~`. A name of
/// digits alone is, in an array, the position of an element, from 0.
public struct FieldPath: Sendable, Hashable {
  public var names: [String]

  public init(names: [String]) { self.names = names }

  /// nil for a text that is no path: empty, with an empty name between dots, with a `~` that stands for nothing.
  public init?(_ text: String) {
    guard text.hasPrefix("/") else {
      names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard !names.contains("") else { return nil }
      return
    }
    names = []
    for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      var name = ""
      var rest = part[...]
      while let character = rest.popFirst() {
        guard character == "~" else {
          name.append(character)
          continue
        }
        switch rest.popFirst() {
        case "0": name.append("~")
        case "1": name.append("/")
        default: return nil
        }
      }
      names.append(name)
    }
  }

  /// `/customer/id`; empty for the document itself.
  public var pointer: String {
    names.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }

  /// As a mapping writes it: with dots where that says the same.
  public var dotted: String {
    let isPlain = names.allSatisfy { !$0.isEmpty && !$0.contains(".") } && names.first?.first != "/"
    return isPlain ? names.joined(separator: ".") : pointer
  }

  /// Whether the field is this one, or lies within it.
  public func contains(_ other: FieldPath) -> Bool { other.names.starts(with: names) }
}
