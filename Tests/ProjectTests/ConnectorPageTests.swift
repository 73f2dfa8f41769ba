import Foundation
import Model
import Project
import Testing

private let pages = ["chargebee", "hubspot", "recurly", "salesforce", "stripe"]

private func page(_ name: String) throws -> String {
  try String(contentsOfFile: repository + "/Documentation/connectors/\(name).md", encoding: .utf8)
}

/// The YAML a page shows.
private func blocks(_ text: String) -> [String] {
  text.components(separatedBy: "```yaml\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
}

@Test(arguments: pages) func aSourceFromAConnectorsPageIsSound(name: String) throws {
  let sources = blocks(try page(name)).filter { $0.hasPrefix("connector: ") }
  #expect(sources.count >= 2)
  let files = Dictionary(
    uniqueKeysWithValues: sources.enumerated().map { ("Config/sources/\(name)_\($0).yml", $1) })
  #expect(try TemporaryProject.load(files).findings.map { $0.text() } == [])
}

@Test(arguments: pages) func aConnectorsPageNamesItsStreamsSecretsAndPresetsEntities(name: String) throws {
  let text = try page(name)
  let project = try #require(try TemporaryProject.load().project)
  let connector = try #require(project.connectors.first { $0.name == name })
  for reference in connector.references {
    guard case .environment(let variable) = reference.origin else { continue }
    #expect(text.contains("`\(variable)`"))
  }
  let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
  for stream in connector.streams where !stream.name.hasSuffix("_bulk") {
    let row = try #require(rows.first { $0.contains("`\(stream.name)`") }, "\(stream.name)")
    let source = try #require(project.source(ofStream: stream.name, of: name))
    if source.entities.isEmpty { #expect(row.contains("landing folder only")) }
    for mapping in source.entities { #expect(row.contains("`\(mapping.entity.rawValue)`"), "\(stream.name)") }
  }
  #expect(text.contains("Not the live service."))
}

@Test func theOtherWayToAskForSalesforcesTokenIsSound() throws {
  let block = try #require(blocks(page("salesforce")).first { $0.hasPrefix("authentication:") })
  let shipped = try #require(BuiltInFiles.all["Config/connectors/salesforce.yml"])
  let start = try #require(shipped.range(of: "authentication:\n")).lowerBound
  let end = try #require(shipped.range(of: "transfer:")).lowerBound
  let own = shipped.replacingCharacters(in: start..<end, with: block)
  #expect(
    try TemporaryProject.load(["Config/connectors/salesforce.yml": own]).findings.map { $0.text() } == [])
}
