/// The JSON Schema (draft 07) of one kind of file, so that editors complete keys and mark mistakes.
///
/// It comes from the same declaration the reader uses; what depends on other files (names of sources, reports,
/// segments) is left to `perennial validate`.
public func configurationSchema(for kind: ConfigurationKind) -> String {
  var members: [(String, JSONValue)] = [
    ("$schema", "http://json-schema.org/draft-07/schema#"), ("title", .text(kind.path)),
    ("description", .text(kind.purpose)),
  ]
  if case .object(let rest) = kind.shape.schema { members += rest }
  if kind == .source {
    members.append(("anyOf", [["required": ["files"]], ["required": ["connector", "stream"]]]))
  }
  return JSONValue.object(members).printed() + "\n"
}

extension Shape {
  var schema: JSONValue {
    switch self {
    case .scalar(let kind): return kind.schema
    case .list(let item, let single):
      let list: JSONValue = ["type": "array", "items": item.schema]
      return single ? ["anyOf": [item.schema, list]] : list
    case .named(let name, let value):
      return ["type": "object", "propertyNames": name.nameSchema, "additionalProperties": value.schema]
    case .document: return .type("object")
    case .either(let kind, let mapping): return ["anyOf": [kind.schema, mapping.schema]]
    case .mapping(_, let keys):
      let allowed = keys.filter { $0.misplaced == nil }
      let properties = allowed.map { ($0.name, $0.schema) }
      let required = allowed.filter { $0.required != nil }.map { JSONValue.text($0.name) }
      var members: [(String, JSONValue)] = [
        ("type", "object"), ("properties", .object(properties)), ("additionalProperties", false),
      ]
      if !required.isEmpty { members.append(("required", .list(required))) }
      return .object(members)
    }
  }
}

extension ShapeKey {
  fileprivate var schema: JSONValue {
    var members: [(String, JSONValue)] = [("description", .text(meaning))]
    if isRemovable {
      members.append(("anyOf", [.type("null"), shape.schema]))
    } else if case .object(let rest) = shape.schema {
      members += rest
    }
    return .object(members)
  }
}

extension ScalarKind {
  /// Keys of a mapping are always texts for JSON Schema.
  fileprivate var nameSchema: JSONValue {
    guard case .object(let members) = schema else { return schema }
    return .object(members.filter { $0.0 != "type" })
  }
}
