import Model

/// What stands in a source of files means, in parts, nothing in one of a connector, and the other way round.
extension SourceShape {
  static let ofFiles = Shape.mapping(
    noun: .key,
    keys.map { key in
      var key = key
      switch key.name {
      case "files": key.required = "files: exports/*.csv"
      case "stream", "base_url": key.misplaced = "it reads no `connector`"
      default: break
      }
      return key
    })

  static let ofStream = Shape.mapping(
    noun: .key,
    keys.map { key in
      var key = key
      switch key.name {
      case "connector": key.required = "connector: stripe"
      case "stream": key.required = "stream: subscriptions"
      case "files": key.misplaced = "its records come from the connector"
      case "extent": key.misplaced = "the connector knows whether a read is of everything or of changes"
      case "format": key.shape = formatOfStream
      case "access": key.shape = accessOfStream
      case "data_through": key.shape = .scalar(dataThroughText)
      default: break
      }
      return key
    })

  /// A preset's words on files, which a stream has no use for.
  static let keysOfFiles: Set<String> = ["system", "files", "extent", "access", "transfer", "data_through"]

  static let formatOfStream = changed(format) { key in
    if ["type", "records"].contains(key.name) {
      key.misplaced = "the connector says how its pages are written"
    }
  }

  private static let accessOfStream = changed(AccessShape.access) { key in
    if !["authorities", "proxy", "proxy_user"].contains(key.name) {
      key.misplaced = "the connector's `authentication` says who asks"
    }
  }

  private static func changed(_ shape: Shape, _ change: (inout ShapeKey) -> Void) -> Shape {
    guard case .mapping(let noun, let keys) = shape else { return shape }
    return .mapping(
      noun: noun,
      keys.map { key in
        var key = key
        change(&key)
        return key
      })
  }
}
