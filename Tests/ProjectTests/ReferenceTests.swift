import Foundation
import Model
import Project
import Testing

/// Set by `make record`, which writes what is expected anew, and fails while doing so.
let isRecording = ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1"

@Test func theConfigurationReferenceIsFresh() throws {
  let path = repository + "/Documentation/Configuration.md"
  let written = try? String(contentsOfFile: path, encoding: .utf8)
  let fresh = configurationReference()
  if isRecording, written != fresh {
    try FileManager.default.createDirectory(
      atPath: repository + "/Documentation", withIntermediateDirectories: true)
    try fresh.write(toFile: path, atomically: true, encoding: .utf8)
  }
  #expect(written == fresh, "run `make record`")
}

/// Each preset as a complete file, to be read and copied.
@Test func theFilesOfThePresetsAreFresh() throws {
  for name in Policy.presetNames {
    let path = repository + "/Config/policies/\(name).yml"
    let fresh = try #require(Policy.preset(named: name)).file
    let written = try? String(contentsOfFile: path, encoding: .utf8)
    if isRecording, written != fresh { try fresh.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(written == fresh, "run `make record`")
  }
}

@Test func everySchemaIsJSONAndNamesTheFilesKeys() throws {
  for kind in ConfigurationKind.allCases {
    let data = Data(configurationSchema(for: kind).utf8)
    let schema = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any], "\(kind)")
    #expect(schema["additionalProperties"] as? Bool == false)
    #expect((schema["properties"] as? [String: Any])?.isEmpty == false)
  }
  #expect(configurationSchema(for: .connector).contains("\"required\": [\"streams\"]"))
  let source = configurationSchema(for: .source)
  #expect(source.contains("\"bound\""))
  #expect(source.contains("\"connector\", \"stream\""))
  #expect(configurationSchema(for: .company).contains("\"required\": [\"name\", \"reporting_currency\"]"))
}

@Test func theReferenceOfFindingsIsFresh() throws {
  let path = repository + "/Documentation/Findings.md"
  let (begin, end) = ("<!-- project: generated -->\n", "<!-- project: end -->\n")
  let text = try String(contentsOfFile: path, encoding: .utf8)
  let parts = text.components(separatedBy: begin)
  try #require(parts.count == 2)
  let rest = parts[1].components(separatedBy: end)
  try #require(rest.count == 2)
  if isRecording, rest[0] != ProjectFinding.reference {
    try (parts[0] + begin + ProjectFinding.reference + end + rest[1])
      .write(toFile: path, atomically: true, encoding: .utf8)
  }
  #expect(rest[0] == ProjectFinding.reference, "run `make record`")
}
