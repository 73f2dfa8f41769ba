import Extract
import Foundation
import Testing

/// `Documentation/Findings.md` in this checkout.
private let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Documentation/Findings.md")
private let begin = "<!-- extract: generated -->\n"
private let end = "<!-- extract: end -->\n"

@Test func theReferenceOfFindingsIsFresh() throws {
  let text = try String(contentsOf: reference, encoding: .utf8)
  let parts = text.components(separatedBy: begin)
  try #require(parts.count == 2)
  let rest = parts[1].components(separatedBy: end)
  try #require(rest.count == 2)
  if rest[0] != ExtractFinding.reference, ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] != nil {
    let fresh = parts[0] + begin + ExtractFinding.reference + end + rest[1]
    try fresh.write(to: reference, atomically: true, encoding: .utf8)
  }
  #expect(rest[0] == ExtractFinding.reference, "record it anew with PERENNIAL_RECORD=1")
}
