import Foundation
import Model
import Project
import Testing

/// The YAML blocks of Documentation/Connectors.md.
private let blocks: [String] = {
  let text = (try? String(contentsOfFile: repository + "/Documentation/Connectors.md", encoding: .utf8)) ?? ""
  return text.components(separatedBy: "```yaml\n").dropFirst().map {
    $0.components(separatedBy: "```\n")[0]
  }
}()

private let fileMark = "# Config/"

/// The blocks that are whole files, by path.
private let files: [String: String] = {
  let whole = blocks.filter { $0.hasPrefix(fileMark) }
  return Dictionary(
    uniqueKeysWithValues: whole.map { (String($0.dropFirst(2).prefix { !$0.isNewline }), $0) })
}()

@Test func theFilesOfTheGuideAreASoundProject() throws {
  #expect(
    files.keys.sorted() == [
      "Config/connectors/lumen.yml", "Config/sources/lumen_subscriptions.yml",
      "Config/sources/lumen_test.yml",
    ])
  let loaded = try TemporaryProject.load(files)
  #expect(loaded.findings.map { $0.text() } == [])
  let source = try #require(loaded.project?.source(named: "lumen_subscriptions"))
  #expect(source.entities.map(\.entity) == [.customer, .subscription, .recurringCharge])
  #expect(
    source.stream?.stream.all.page
      == .token(field: FieldPath(names: ["meta", "next_cursor"]), parameter: "cursor"))
  let test = try #require(loaded.project?.source(named: "lumen_test"))
  #expect(test.entities[0].fields["country"] == nil)
  #expect(test.entities[0].fields["name"]?.origin == .column("customer.legal_name"))
}

/// A block that is no file stands in a stream, or says who asks.
@Test(arguments: blocks.filter { !$0.hasPrefix(fileMark) })
func aPieceOfTheGuideIsSoundWhereItBelongs(block: String) throws {
  var connector = "base_url: https://a.test\n"
  var stream = ""
  if block.hasPrefix("authentication:") {
    connector += block
    stream = "path: /things\nkey: id\n"
  } else {
    stream = block + "key: id\n"
    if !block.hasPrefix("path:") { stream += "path: /things\n" }
  }
  let indented = stream.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
  let loaded = try TemporaryProject.load([
    "Config/connectors/acme.yml": connector + "streams:\n  things:\n" + indented + "\n"
  ])
  #expect(loaded.findings.map { $0.text() } == [])
}

@Test func theGuideShowsEveryPageStyleAndEveryWayToSayWhoAsks() throws {
  var styles: Set<String> = []
  for block in blocks {
    for part in block.components(separatedBy: "style: ").dropFirst() {
      styles.insert(String(part.prefix { $0.isLetter || $0 == "_" }))
    }
  }
  // `single` needs no line.
  #expect(styles == ["last_id", "token", "header_token", "next_url", "link", "number", "offset"])
  let authentications = ["bearer:", "basic:", "header:", "grant: client_credentials", "grant: refresh_token"]
  for way in authentications {
    #expect(blocks.contains { $0.contains("authentication:") && $0.contains(way) })
  }
}
