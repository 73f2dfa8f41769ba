import Foundation
import Model
import Project
import Testing

private let cases = repository + "/Tests/ProjectCases"

/// Each folder is a project; `findings.txt` in it is what `perennial validate` tells.
@Test(arguments: try FileManager.default.contentsOfDirectory(atPath: cases).sorted())
func aProjectsMistakesAreToldAllAtOnce(name: String) throws {
  let folder = cases + "/" + name
  let loaded = loadProject(at: folder)
  let told =
    loaded.findings.map { $0.text() }.joined(separator: "\n\n")
    + "\n\nproject: \(loaded.project == nil ? "refused" : "accepted")\n"
  let file = folder + "/findings.txt"
  let expected = try? String(contentsOfFile: file, encoding: .utf8)
  if isRecording, told != expected { try told.write(toFile: file, atomically: true, encoding: .utf8) }
  #expect(told == expected)
}

@Test func theCasesAreThere() throws {
  #expect(try FileManager.default.contentsOfDirectory(atPath: cases).count >= 3)
}
