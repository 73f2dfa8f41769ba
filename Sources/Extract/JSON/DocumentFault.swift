/// Why a text is no JSON, and where.
struct SyntaxFault {
  enum Kind {
    case unexpected(wanted: StaticString)
    case badValue
    case controlCharacter, badEscape, notText
    case tooDeep
    /// The text, or the line, ends in the middle.
    case cutOff
    case several
  }

  var kind: Kind
  var at: Int

  var name: ExtractFinding {
    switch kind {
    case .unexpected, .badValue, .controlCharacter, .badEscape, .cutOff: .jsonSyntax
    case .notText: .notText
    case .tooDeep: .jsonTooDeep
    case .several: .severalDocuments
    }
  }

  var reason: String {
    switch kind {
    case .unexpected(let wanted): "here \(wanted) is expected"
    case .badValue:
      "this is no JSON value: a number, true, false, null, or a text in double quotes is expected"
    case .controlCharacter: "a control character stands in a text, where JSON wants an escape such as \\n"
    case .badEscape: "this backslash begins no escape that JSON knows"
    case .notText: "bytes that are not UTF-8"
    case .tooDeep: "objects and arrays are nested more than \(DocumentScanner.deepest) deep"
    case .cutOff: "the document ends in the middle"
    case .several: "the document has ended, and another one begins here"
    }
  }
}

/// Why a record that is sound JSON cannot be used.
struct FieldMismatch {
  enum Kind {
    case value(found: StaticString)
    case object
    case array
    case element(found: StaticString)
    case notAnObject(found: StaticString)
    case twice
    case loneSurrogate, nul
  }

  var kind: Kind
  var at: Int
  /// Node of the field.
  var node: Int

  var name: ExtractFinding {
    switch kind {
    case .value, .object, .array, .element: .wrongFieldKind
    case .notAnObject: .notAnObject
    case .twice: .duplicateField
    case .loneSurrogate: .loneSurrogate
    case .nul: .nulByte
    }
  }

  func reason(_ tree: FieldTree) -> String {
    let field = "`\(tree.paths[node].dotted)`"
    switch kind {
    case .value(let found):
      let wanted = tree.nodes[node].isEach || tree.nodes[node].hasPositions ? "an array" : "an object"
      return "\(field) is \(found), and the mapping wants \(wanted) there"
    case .object:
      return
        "\(field) is an object, and the mapping wants a value; name one of its fields, such as `\(tree.paths[node].dotted).id`"
    case .array:
      return
        "\(field) is an array, and the mapping does not say which element; `each` makes a record of every one, `\(tree.paths[node].dotted).0` is the first"
    case .element(let found):
      return "an element of \(field) is \(found), and the mapping wants an object there"
    case .notAnObject(let found): return "the record is \(found), an object is expected"
    case .twice: return "\(field) stands twice in one object; nothing says which is true"
    case .loneSurrogate: return "\(field) holds half of a surrogate pair, which is no character"
    case .nul: return "\(field) holds a NUL character"
    }
  }
}
