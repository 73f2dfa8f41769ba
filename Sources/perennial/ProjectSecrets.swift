import Project

extension ProjectConfiguration {
  /// Every secret the project's files refer to, once, in the order of its text.
  var secrets: [SecretReference] {
    var texts: Set<String> = []
    for text in files.values {
      for piece in text.split(separator: "$").dropFirst() where piece.hasPrefix("{") {
        guard let end = piece.firstIndex(of: "}") else { continue }
        texts.insert("$" + piece[...end])
      }
    }
    return texts.sorted().compactMap { SecretReference($0) }
  }
}
