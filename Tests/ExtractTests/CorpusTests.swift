import Extract
import Model
import Testing

@Suite(.enabled(if: CorpusFiles.isPresent, "the corpus of public CSV suites is not beside this checkout"))
struct CorpusTests {
  @Test func everyFileThatMustMatchDoes() throws {
    let cases = try CorpusFiles.cases("must_match", "must_match_after_crlf")
    #expect(cases.count == 72)
    for var file in cases {
      if file.expectation == "must_match_after_crlf" {
        file.text = file.text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
      }
      expectMatch(file)
    }
  }

  @Test func everyFileThatNeedsSettingsMatchesUnderThem() throws {
    let cases = try CorpusFiles.cases("needs_config")
    #expect(cases.count == 42)
    for file in cases {
      expectMatch(file)
      // Only a delimiter that is none is worth a word, and detection steps in.
      let isMended = file.format.delimiter == "\n"
      #expect(
        read(file.text, file.format).names == (isMended ? ["impossible-format"] : []), "\(file.name)")
    }
  }

  private func expectMatch(_ file: CorpusFiles.Case) {
    let reading = read(file.text, file.format)
    if file.hasHeader {
      #expect(reading.malformed == [], "\(file.name)")
      var expected = file.expectedRecords(reading.file.header)
      if file.name.hasSuffix("location_coordinates.csv") {
        // The suite's own pair disagrees in this one number.
        #expect(reading.rows.first?[0] == "2095257564")
        expected[0][0] = "2095257564"
      }
      #expect(reading.rows == expected, "\(file.name)")
      return
    }
    let rows = file.expectedRows
    let (found, malformed) = file.rowsByWidth(file.format)
    for width in found.keys {
      let expected = rows.filter { $0.count == width }
      #expect(found[width] == expected, "\(file.name)")
      #expect(malformed[width] == rows.count - expected.count, "\(file.name)")
    }
    // Detection sees no column names first; then the first row is what the others are measured by.
    #expect(reading.rows == rows.filter { $0.count == rows.first?.count }, "\(file.name)")
  }

  @Test func filesOnWhichLibrariesDifferAreReadAsRecordedHere() throws {
    let recorded: [String: ([[String]], spoilt: [String])] = [
      // Empty lines are rows of one empty field, since they are not to be skipped.
      "055": ([["a"], ["b"], [""], [""], ["c"], ["d"], ["e"]], []),
      // Names made unique get `#` and a number; see the header tests.
      "056": ([["1", "2", "3", "4"]], []),
      "057": ([["1", "2", "3", "4"]], []),
      "058": ([["1", "2", "3"]], []),
      // Blanks behind a closing quote are dropped.
      "064": ([["A", "B", "C", "D"], ["E", "F", "G", "H"]], []),
      "065": ([["A", "B", "C", "D"], ["E", "F", "G", "H"], ["Q", "W", "E", "R"]], []),
      "066": ([["A", "B", "C", "D"], ["E", "F", "G", "H"], ["Q", "W", "E", "R"]], []),
      // CR, LF and CRLF end rows side by side.
      "068": ([["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]], []),
      "086": ([["a", "b", "c"], ["d", "e", "f"]], ["short-row"]),
      // Among delimiters that agree with every row, the one with most fields is taken.
      "102": ([["one", "two,two", "three"], ["four", "five,five", "six"]], []),
      "104": ([["Field1,1,1", "Field2", "Field3", "Field4", "Field5", "Field6"]], []),
      "105": ([["Field1", "Field2", "Field,3,\"3,3", "Field4", "Field5", "Field6,6"]], []),
      "125": ([["A", ",B", "C", "D"], ["E", "F", "G", "H"]], []),
      "126": ([["a", "b", "c\n"], ["d", "e", "f"]], []),
    ]
    let cases = try CorpusFiles.cases("library_specific")
    #expect(cases.count == recorded.count)
    for file in cases {
      let expected = try #require(recorded[String(file.name.dropFirst(10).prefix(3))])
      let reading = read(file.text, file.format)
      #expect(reading.rows == expected.0, "\(file.name)")
      #expect(reading.malformed.map(\.name) == expected.spoilt, "\(file.name)")
    }
  }

  @Test func malformedFilesGiveWhatIsSoundAndSayWhatIsNot() throws {
    let recorded: [String: ([[String]], spoilt: [String])] = [
      "020": ([["d", "e", "f"]], ["1:3 open-quote"]),
      "021": ([["d", "e", "f"]], ["1:5 text-after-quote"]),
      "022": ([["d", "e", "f"]], ["1:7 text-after-quote"]),
      "023": ([["e", "f", "g"]], ["1:6 text-after-quote"]),
      "024": ([["d\"e", "f", "g"]], ["1:3 open-quote"]),
      "071": ([], ["2:4 short-row"]),
      "072": ([["f", "g", "h"]], ["2:7 long-row"]),
      // No delimiter to detect: nothing, or one column with a note.
      "091": ([], []),
      "093": ([["Abc def"]], []),
      "097": ([], []),
    ]
    let cases = try CorpusFiles.cases("malformed")
    #expect(cases.count == recorded.count)
    for file in cases {
      let number = String(file.name.dropFirst(10).prefix(3))
      let expected = try #require(recorded[number])
      let reading = read(file.text, file.format)
      #expect(reading.rows == expected.0, "\(file.name)")
      #expect(
        reading.malformed.map { "\($0.line):\($0.column) \($0.name)" } == expected.spoilt, "\(file.name)")
      #expect(reading.names == (number == "093" ? ["one-column"] : []), "\(file.name)")
    }
  }
}
