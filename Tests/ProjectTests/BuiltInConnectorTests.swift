import Model
import Project
import Testing

/// The connectors the program brings along.
private let builtIn = BuiltInFiles.all.filter { $0.key.hasPrefix("Config/connectors/") }

/// As a project's own, so that every fault is told.
@Test(arguments: builtIn.keys.sorted())
func aBuiltInConnectorIsSound(path: String) throws {
  let text = try #require(builtIn[path])
  let loaded = try TemporaryProject.load([path: text])
  #expect(loaded.findings.map { $0.text() } == [])
  let name = String(path.dropFirst("Config/connectors/".count).dropLast(".yml".count))
  let connector = try #require(loaded.project?.connectors.first { $0.name == name })
  #expect(connector.documentation?.hasPrefix("https://") == true)
  #expect(!connector.references.isEmpty)
  for stream in connector.streams {
    let source = try #require(loaded.project?.source(ofStream: stream.name, of: name))
    #expect(source.stream?.stream == stream)
    #expect(source.system == connector.system)
    if stream.preset != nil { #expect(!source.entities.isEmpty) }
    if stream.changes != nil {
      #expect(source.showsRecords, "\(stream.name) would be read whole every night")
    }
  }
}

@Test func theBuiltInConnectorsAreKnownWithoutAFile() throws {
  let project = try #require(TemporaryProject.load().project)
  #expect(project.connectors.count == builtIn.count)
  #expect(project.connectors.contains { $0.name == "stripe" })
  let source = try #require(project.source(ofStream: "subscriptions", of: "stripe"))
  #expect(source.name == "stripe_subscriptions")
  #expect(source.format.kind == .ndjson)
  #expect(source.format.each?.dotted == "items.data")
  #expect(source.entities.map(\.entity) == [.subscription, .plan, .recurringCharge])
  #expect(source.entities[2].fields["amount"]?.unit == .minor)
  #expect(project.source(ofStream: "subscription", of: "stripe") == nil)
  #expect(project.source(ofStream: "subscriptions", of: "strip") == nil)
}
