extension StringProtocol {
  /// With a text in place of each of a scalar. `replacing` goes by characters, and passes over a quote that a combining mark follows.
  public func replacing(scalar: Unicode.Scalar, with text: String) -> String {
    guard unicodeScalars.contains(scalar) else { return String(self) }
    var replaced = String.UnicodeScalarView()
    for other in unicodeScalars {
      if other == scalar { replaced.append(contentsOf: text.unicodeScalars) } else { replaced.append(other) }
    }
    return String(replaced)
  }
}
