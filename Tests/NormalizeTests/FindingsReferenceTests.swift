import Foundation
import Testing

@testable import Normalize

/// `Documentation/Findings.md` in this checkout.
private let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Documentation/Findings.md")
private let begin = "<!-- normalize: generated -->\n"
private let end = "<!-- normalize: end -->\n"

@Test func theReferenceOfFindingsIsFresh() throws {
  let text = try String(contentsOf: reference, encoding: .utf8)
  let parts = text.components(separatedBy: begin)
  try #require(parts.count == 2)
  let rest = parts[1].components(separatedBy: end)
  try #require(rest.count == 2)
  if rest[0] != NormalizeFinding.reference, ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] != nil {
    let fresh = parts[0] + begin + NormalizeFinding.reference + end + rest[1]
    try fresh.write(to: reference, atomically: true, encoding: .utf8)
  }
  #expect(rest[0] == NormalizeFinding.reference, "record it anew with PERENNIAL_RECORD=1")
}

@Test func everyFindingHasAStableNameOfItsOwn() {
  let names = NormalizeFinding.allCases.map(\.rawValue)
  #expect(Set(names).count == names.count)
  for name in names { #expect(name.allSatisfy { $0 == "-" || ("a"..."z").contains($0) }, "\(name)") }
}
