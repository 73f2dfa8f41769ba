import Foundation
import Testing

/// The README's guide, followed to the letter with the built program on the PATH.
@Suite struct ReadmeTests {
  private let blocks: [String]

  init() throws {
    let readme = URL(fileURLWithPath: BuiltProgram.tests).deletingLastPathComponent()
      .appendingPathComponent("README.md")
    let pieces = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```")
    // Every second piece is code, behind the name of its language.
    blocks = pieces.indices.filter { $0 % 2 == 1 }.map { index in
      String(pieces[index].drop { $0 != "\n" }.dropFirst())
    }
  }

  private func block(with text: String) throws -> String {
    try #require(blocks.first { $0.contains(text) }, "the README shows no `\(text)`")
  }

  @Test func theGuideTurnsAnExportIntoFigures() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "perennial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try shell(block(with: "perennial init books"), in: folder) == 0)
    let project = TemporaryProject(at: folder.appendingPathComponent("books"))
    let source = try block(with: "bound: exclusive")
    try project.write("exports/periods.csv", block(with: "subscription_id,customer_id"))
    try project.write("Config/sources/billing.yml", source)
    #expect(try shell(block(with: "perennial validate"), in: project.folder) == 0)
    let mrr = """
      select value from metric_period where metric = 'mrr' and grain = 'month' and dimension = 'all'
        and valuation = 'as_reported' order by period desc limit 1
      """
    #expect(try project.query(mrr) == ["170000000"])

    // The same periods, as the guide's export from Germany writes them.
    let lines = [
      "Bericht: Vertr\u{E4}ge", "Stand;30.06.2024", "Nr;Kunde;Beginn;Ende;Betrag",
      "1;1;01.11.2023;01.02.2024;50,00",
      "2;1;01.04.2024;;50,00", "3;2;01.01.2024;;1.120,00", ";;;;", "Summe;;;;1.220,00",
    ]
    let text = lines.joined(separator: "\r\n") + "\r\n"
    try #require(text.data(using: .windowsCP1252)).write(
      to: project.folder.appendingPathComponent("exports/vertraege.csv"))
    var german = try source.replacingOccurrences(
      of: "files: exports/periods.csv\n", with: block(with: "exports/vertraege.csv"))
    for (name, column) in [
      ("subscription_id", "Nr"), ("customer_id", "Kunde"), ("start_date", "Beginn"), ("end_date", "Ende"),
      ("monthly_amount", "Betrag"),
    ] {
      german = german.replacingOccurrences(of: name, with: column)
    }
    try project.write("Config/sources/billing.yml", german)
    let outcome = try project.run("run", "nightly", "--as-of", "2024-06-30")
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(try project.query(mrr) == ["1170000000"])
  }

  /// `make demo`, as it is in this repository.
  @Test func theRunItShowsIsWhatTheDemoPrints() throws {
    let shown = try block(with: "$ perennial run nightly").split(separator: "\n").dropFirst()
    let project = try TemporaryProject()
    let root = URL(fileURLWithPath: BuiltProgram.tests).deletingLastPathComponent()
    for folder in ["Config", "Pipelines", "Reports"] {
      let copy = project.folder.appendingPathComponent(folder)
      try? FileManager.default.removeItem(at: copy)
      try FileManager.default.copyItem(at: root.appendingPathComponent(folder), to: copy)
    }
    #expect(try project.run("demo", "demo-company", "--exports-only").status == 0)
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    let told = try #require(outcome.told.range(of: String(shown.first ?? "")))
    // The page breaks long lines, which the program leaves to the terminal.
    let printed = outcome.told[told.lowerBound...]
    #expect(
      shown.joined(separator: " ").split(separator: " ") == printed.split(whereSeparator: \.isWhitespace))
    for line in shown.dropFirst().prefix(while: { !$0.hasSuffix("most of all") }) {
      #expect(printed.contains(line + "\n"), "\(line)")
    }
  }

  /// Runs a block as a shell does that stops at the first failure; its exit code.
  private func shell(_ commands: String, in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let path = (BuiltProgram.path as NSString).deletingLastPathComponent
    process.arguments = ["-ec", "PATH='\(path)':\"$PATH\"\n\(commands)"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
