import Model

/// One JSON object on one line, its members in the order given.
struct JSONLine: CustomStringConvertible {
  enum Value {
    case text(String)
    case texts([String])
    case integer(Int64)
    case real(Double)
    case null

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  }

  let members: [(String, Value)]

  init(_ members: [(String, Value)]) { self.members = members }

  var description: String {
    "{" + members.map { "\(JSONText.quoted($0.0)):\(Self.text($0.1))" }.joined(separator: ",") + "}"
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .text(let text): JSONText.quoted(text)
    case .texts(let texts): "[" + texts.map(JSONText.quoted).joined(separator: ",") + "]"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? String(number) : "null"
    case .null: "null"
    }
  }
}
