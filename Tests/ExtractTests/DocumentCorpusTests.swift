import Foundation
import Model
import Testing

/// The public JSON test suite beside the checkout, or where PERENNIAL_SHARED points; it is not part of the project.
private enum Suite {
  static let folder = URL(fileURLWithPath: CorpusFiles.folder).deletingLastPathComponent()
    .appendingPathComponent("json").path
  static let isPresent = FileManager.default.fileExists(atPath: folder + "/expected.csv")

  static func files(_ start: String, in set: String = "test_parsing") throws -> [(
    name: String, text: [UInt8]
  )] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/" + set).sorted()
      .filter { $0.hasPrefix(start) && $0.hasSuffix(".json") }
      .map { ($0, Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(set)/\($0)")))) }
  }
}

/// The files the suite leaves open that are taken for JSON here. Numbers of any size are, since no binary float has to hold them;
/// a lone surrogate is, unless it stands in a mapped text.
private let acceptedOfOpen: Set<String> = [
  "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json", "i_number_neg_int_huge_exp.json",
  "i_number_pos_double_huge_exp.json", "i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
  "i_number_real_underflow.json", "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
  "i_number_very_big_negative_int.json", "i_object_key_lone_2nd_surrogate.json",
  "i_string_1st_surrogate_but_2nd_missing.json", "i_string_1st_valid_surrogate_2nd_invalid.json",
  "i_string_UTF-16LE_with_BOM.json", "i_string_incomplete_surrogate_and_escape_valid.json",
  "i_string_incomplete_surrogate_pair.json", "i_string_incomplete_surrogates_escape_valid.json",
  "i_string_invalid_lonely_surrogate.json", "i_string_invalid_surrogate.json",
  "i_string_inverted_surrogates_U+1D11E.json", "i_string_lone_second_surrogate.json",
  "i_structure_500_nested_arrays.json", "i_structure_UTF-8_BOM_empty_object.json",
]

@Suite(.enabled(if: Suite.isPresent, "the public JSON test suite is not beside this checkout"))
struct DocumentCorpusTests {
  @Test(arguments: [1 << 18, 64, 7]) func whatMustBeAcceptedIs(blockSize: Int) throws {
    let files = try Suite.files("y_")
    #expect(files.count == 95)
    for (name, text) in files {
      let reading = readDocuments(text, [], FileFormat(kind: .json), blockSize: blockSize)
      #expect(reading.isJSON, "\(name): \(reading.findings.map { $0.text() })")
      guard !text.contains(0x0A) else { continue }
      let line = readDocuments(text, [], FileFormat(kind: .ndjson), blockSize: blockSize)
      #expect(line.malformed.allSatisfy { $0.contains("not-an-object") }, "\(name): \(line.malformed)")
      #expect(line.isJSON)
    }
  }

  @Test(arguments: [1 << 18, 64, 7]) func whatMustBeRejectedIsWithItsPlace(blockSize: Int) throws {
    let files = try Suite.files("n_")
    #expect(files.count == 188)
    for (name, text) in files {
      let reading = readDocuments(text, [], FileFormat(kind: .json), blockSize: blockSize)
      #expect(!reading.isJSON, "\(name)")
      #expect(reading.findings.count == 1, "\(name)")
      let byte = try #require(reading.findings.first?.place?.byte, "\(name)")
      #expect(byte <= text.count, "\(name)")
    }
  }

  @Test func oneBadLineAmongGoodOnesIsSetAsideAlone() throws {
    let good = Array("{\"id\": 1}\n".utf8)
    for (name, text) in try Suite.files("n_") where !text.contains(0x0A) && !text.isEmpty && text.count < 1000
    {
      if text == [0x20] { continue }
      let reading = readDocuments(
        good + text + [0x0A] + good, ["id"], FileFormat(kind: .ndjson), blockSize: 64)
      #expect(reading.rows == [["1"], ["1"]], "\(name)")
      #expect(reading.malformed.count == 1, "\(name): \(reading.malformed)")
      #expect(reading.malformed.allSatisfy { $0.hasPrefix("2:") }, "\(name): \(reading.malformed)")
      #expect(reading.findings == [], "\(name)")
    }
  }

  @Test func whatIsLeftOpenIsDecidedAndListedHere() throws {
    let files = try Suite.files("i_")
    #expect(files.count == 35)
    for (name, text) in files {
      let reading = readDocuments(text, [], FileFormat(kind: .json))
      #expect(
        reading.isJSON == acceptedOfOpen.contains(name), "\(name): \(reading.findings.map { $0.text() })")
    }
  }

  @Test func theTransformationsOfTheSuiteGiveExactTexts() throws {
    for (name, text) in try Suite.files("", in: "test_transform") {
      let reading = readDocuments(text, ["a"], FileFormat(kind: .json))
      #expect(reading.isJSON || name.contains("invalid"), "\(name): \(reading.findings.map { $0.text() })")
    }
  }

  @Test func nestingOfAnyDepthEndsInAFindingAndNotInACrash() {
    for open in ["[", "{\"a\":"] {
      let deep = String(repeating: open, count: 100_000)
      let reading = readDocuments(deep, ["a"], FileFormat(kind: .json))
      #expect(reading.names == ["json-too-deep"])
      let line = readDocuments(deep + "\n{\"a\": 1}\n", ["a"], FileFormat(kind: .ndjson))
      #expect(line.rows == [["1"]])
      #expect(line.malformed.map { $0.contains("json-too-deep") } == [true])
    }
  }
}
