import Foundation
import Testing

/// The rules of the house that the compiler does not keep.
@Suite struct HouseTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardized

  private static func sources() throws -> [(path: String, text: String)] {
    let folder = root.appendingPathComponent("Sources")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map {
      ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
    }
  }

  /// What each module may import of the project's own modules and of what is outside it.
  private static let allowed: [String: Set<String>] = [
    "SQLitePages": [],
    "Model": [],
    "Project": ["Model", "Yams"],
    "Extract": ["Model", "CZlib", "CZstd", "CLibcurl", "CLibcrypto"],
    "Normalize": ["Model"],
    "Warehouse": ["Model", "SQLitePages", "GRDB", "GRDBSQLite", "CLibcrypto"],
    "Rollup": ["Model"],
    "Render": ["Model", "Mustache", "CXlsxWriter"],
    "Convert": ["Model"],
    "Deliver": ["Model", "CLibcurl", "CLibcrypto"],
    "Demo": ["Model"],
    "perennial": [
      "Model", "Project", "Extract", "Normalize", "Warehouse", "Rollup", "Render", "Convert", "Deliver",
      "Demo",
      "ArgumentParser", "CMalloc",
    ],
  ]

  @Test func aStageImportsTheModelAndNoOtherStage() throws {
    for (path, text) in try Self.sources() {
      guard let allowed = Self.allowed[String(path.prefix { $0 != "/" })] else { continue }
      for line in text.split(separator: "\n") where line.contains("import ") && !line.contains("//") {
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position <= 2, words.count > position + 1 else {
          continue
        }
        guard words[..<position].allSatisfy({ $0.hasPrefix("@") || $0 == "private" || $0 == "internal" })
        else { continue }
        let module = String(words.last?.prefix { $0 != "." } ?? "")
        #expect(
          allowed.contains(module)
            || ["Dispatch", "Glibc", "Synchronization", "Foundation", "FoundationEssentials"].contains(module),
          "\(path) imports \(module)")
      }
    }
  }

  @Test func noFileIsLongerThan400Lines() throws {
    for (path, text) in try Self.sources() {
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 401, "\(path)")
    }
  }

  @Test func noFileIsAnAttic() throws {
    for (path, _) in try Self.sources() {
      let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
      for word in ["util", "helper", "common", "misc", "manager", "extensions"] {
        #expect(!name.contains(word), "\(path)")
      }
    }
  }

  @Test func nothingIsForceUnwrappedOutsideTests() throws {
    for (path, text) in try Self.sources() {
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first
        else { continue }
        #expect(!code.contains("try!") && !code.contains("as!"), "\(path):\(number + 1)")
      }
    }
  }
}

/// The reference of findings names everything the program can say.
@Suite struct FindingNameTests {
  @Test func everyFindingsNameStandsInTheReference() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
      .standardized
    let reference = try String(
      contentsOf: root.appendingPathComponent("Documentation/Findings.md"), encoding: .utf8)
    let folder = root.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    var names: Set<String> = []
    let pattern = try NSRegularExpression(
      pattern: #"(?:\.error|\.warning|\.note|Stop\(\s*\.[a-zA-Z]+),\s*"([a-z]+(?:-[a-z0-9]+)*)""#)
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for match in pattern.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
        if let range = Range(match.range(at: 1), in: text) { names.insert(String(text[range])) }
      }
    }
    #expect(names.count > 30)
    for name in names.sorted() { #expect(reference.contains("`\(name)`"), "\(name)") }
  }
}
