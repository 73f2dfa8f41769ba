import Model

/// Gathers the findings of all files of one project, each with the line it points at.
final class FindingCollector {
  private(set) var findings: [Finding] = []
  private var linesOfFile: [String: [Substring]] = [:]
  private var orderOfFile: [String: Int] = [:]

  var hasErrors: Bool { findings.contains { $0.severity == .error } }

  var errorCount: Int { findings.count { $0.severity == .error } }

  func register(_ file: String, text: String) {
    orderOfFile[file] = orderOfFile.count
    linesOfFile[file] = text.split(omittingEmptySubsequences: false) { $0.isNewline }
  }

  func report(
    _ name: ProjectFinding, at place: Place, _ problem: String,
    consequence: String? = nil, remedy: String? = nil, hiding secret: String? = nil
  ) {
    let lines = linesOfFile[place.file] ?? []
    var excerpt = place.line.flatMap { lines.indices.contains($0 - 1) ? String(lines[$0 - 1]) : nil }
    if let secret {
      excerpt = excerpt.flatMap { $0.contains(secret) ? $0.replacing(secret, with: "•••") : nil }
    }
    findings.append(
      Finding(
        name.isWarning ? .warning : .error, name.rawValue, at: place, problem, excerpt: excerpt,
        consequence: consequence, remedy: remedy))
  }

  /// A name that refers to something defined elsewhere in the project.
  func reportUnknown(
    _ noun: Noun, _ name: String, at place: Place, among known: [String], consequence: String? = nil
  ) {
    report(
      noun.unknown, at: place, "no \(noun.rawValue) is named `\(name)`", consequence: consequence,
      remedy: Self.suggestion(for: name, among: known, noun: noun))
  }

  static func suggestion(for name: String, among known: [String], noun: Noun) -> String {
    if let near = nearest(to: name, among: known) { return "did you mean `\(near)`?" }
    if known.isEmpty { return "there is no \(noun.rawValue) to name yet" }
    return known.count > 40 ? "see `perennial schema`" : "known are \(known.joined(separator: ", "))"
  }

  /// In the order of files read, then of lines; what was reported first comes first.
  var sorted: [Finding] {
    findings.enumerated().sorted { left, right in
      let leftPlace = left.element.place
      let rightPlace = right.element.place
      let leftKey = (order(leftPlace), leftPlace?.line ?? 0, leftPlace?.column ?? 0, left.offset)
      let rightKey = (order(rightPlace), rightPlace?.line ?? 0, rightPlace?.column ?? 0, right.offset)
      return leftKey < rightKey
    }.map(\.element)
  }

  private func order(_ place: Place?) -> Int { place.map { orderOfFile[$0.file] ?? -1 } ?? -1 }
}
