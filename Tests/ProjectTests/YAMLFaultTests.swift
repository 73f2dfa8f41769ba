import Model
import Testing

/// What is said of a file that is no YAML, and where.
@Suite struct YAMLFaultTests {
  /// The one fault of `Config/company.yml`.
  private func fault(_ text: String) throws -> Finding {
    let found = try TemporaryProject.load(["Config/company.yml": text]).findings
    #expect(found.map(\.name) == ["yaml-syntax"])
    return try #require(found.first)
  }

  private func fault(_ text: String, at line: Int, _ column: Int, says told: String) throws -> Finding {
    let fault = try fault(text)
    #expect([fault.place?.line, fault.place?.column] == [line, column], "\(fault)")
    #expect(fault.problem.contains(told), "\(fault)")
    return fault
  }

  @Test(arguments: [
    ("name: [X\n", 1, 7, "it lacks `]`, or a comma, before the file's end"),
    ("name: [X\n\n# End\n", 1, 7, "it lacks `]`, or a comma, before the file's end"),
    ("name: [X\nreporting_currency: USD\n", 1, 7, "before line 2, column 19"),
    ("time_zone: UTC\nstyle: {numbers: de\n\n", 2, 8, "it lacks `}`, or a comma, before the file's end"),
    ("style: {numbers: de\nname: Acme\n", 1, 8, "before line 2, column 5"),
    ("name: [a\n  , b: {c\nx: y\n", 2, 8, "it lacks `}`, or a comma, before line 3, column 2"),
    ("name: Acme\nx:\n  - [a, b\n  - [c]\nz: 1\n", 3, 5, "it lacks `]`, or a comma, before line 4, column 5"),
    ("style: {numbers: [de}\n", 1, 21, "the list that begins in column 18 has neither `,` nor `]` here"),
  ])
  func aBracketThatIsNotClosedIsToldWhereItStands(
    _ text: String, _ line: Int, _ column: Int, _ told: String
  ) throws {
    let fault = try fault(text, at: line, column, says: told)
    #expect(fault.remedy?.hasPrefix("write `") == true, "\(fault)")
  }

  @Test(arguments: [
    ("name: \"Acme\n", 1, 7, "no `\"` stands before the file's end"),
    ("name: 'Acme\nreporting_currency: USD\n\n", 1, 7, "no `'` stands before the file's end"),
    ("name: \"Acme\n---\nreporting_currency: USD\n", 1, 7, "no `\"` stands before line 2, column 1"),
    ("name: \"Acme\nreporting_currency: \"USD\"\n", 1, 7, "goes on to line 2, column 22"),
    ("x: 1\nname: 'Acme\nreporting_currency: 'USD'\ny: 'z'\n", 2, 7, "goes on to line 3, column 22"),
    ("attribute_sources: [a, 'b]\nname: Acme\nz: 'x'\n", 1, 24, "goes on to line 3, column 5"),
  ])
  func aQuoteThatIsNotClosedIsToldWhereItStandsAlsoWhereALaterOneClosesIt(
    _ text: String, _ line: Int, _ column: Int, _ told: String
  ) throws {
    let fault = try fault(text, at: line, column, says: told)
    let quote = text.contains("'") ? "'" : "\""
    #expect(fault.remedy?.hasPrefix("write `\(quote)` where the text ends") == true, "\(fault)")
  }

  @Test func whatHasNothingBehindItIsNotToldAtAnEmptyLine() throws {
    for text in ["name: &\n", "name: &\n\n\n", "name: *"] {
      let place = try fault(text).place
      #expect([place?.line, place?.column] == [1, 7], "\(text)")
    }
  }

  @Test func aKeyWithoutItsColonIsToldInItsOwnLine() throws {
    let fault = try fault("name: Acme\nreporting_currency USD\ntime_zone: UTC\n")
    #expect([fault.place?.line, fault.place?.column] == [2, 1], "\(fault)")
    #expect(fault.problem == "no `: ` stands behind the key that begins here")
  }

  @Test func aBackslashInDoubleQuotesIsToldWithTheWayToWriteIt() throws {
    let fault = try fault("name: Acme\noutput: \"out\\put\"\nwarehouse: \"C:\\data\"\n")
    #expect([fault.place?.line, fault.place?.column] == [2, 13], "\(fault)")
    #expect(fault.remedy == "write `\\\\` for a `\\` in a text in double quotes, or take single ones")
  }
}
