import Foundation
import LoopbackServers
import Model
import Testing

@testable import Convert

private let drawing = Array(
  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"#1f4e79\"/></svg>"
    .utf8)

/// A script that stands where a real program would. Another process writes it: a file that one forked beside this moment has open for
/// writing cannot be run.
private func program(_ lines: String) throws -> String {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("convert-\(UUID().uuidString)")
  let write = ChildProcess(
    program: "/bin/sh",
    arguments: [
      "-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", lines, file.path,
    ],
    folder: "/tmp", seconds: 20, limit: 1_000)
  guard case .ended = write.run() else { throw CocoaError(.fileWriteUnknown) }
  return file.path
}

private func reason(_ body: () throws(Converter.Failure) -> [UInt8]) -> String {
  do throws(Converter.Failure) {
    return "made \(try body().count) bytes"
  } catch { return error.reason }
}

@Suite(.timeLimit(.minutes(2))) struct ConverterTests {
  @Test(.enabled(if: Converter().rasterizer != nil, "rsvg-convert is not installed"))
  func aDrawingBecomesTheSamePictureEachTimeAtTwiceItsSize() throws {
    let converter = Converter()
    let picture = try converter.picture(drawing)
    #expect(try converter.picture(drawing) == picture)
    // Width and height stand in the header.
    #expect(Array(picture[16..<24]) == [0, 0, 0, 80, 0, 0, 0, 40])
  }

  @Test(.enabled(if: Part.chromium.isThere, "Chromium is not installed"))
  func aPageBecomesAPDFOfTheMonthAndOfNoClock() throws {
    let page = Array("<!DOCTYPE html>\n<title>T</title><p>Figures</p>".utf8)
    let pdf = try Converter().paper(page, day: try #require(Day(iso: "2024-02-29")))
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
    #expect(pdf.firstRange(of: Array("/CreationDate (D:20240229000000".utf8)) != nil)
  }

  @Test func aMissingProgramIsANoteAndTakesItsFormatAlone() {
    let converter = Converter(rasterizer: nil, browser: nil)
    let definition = ReportDefinition(
      name: "board", title: "Board", formats: [.html, .pdf, .png, .csv], place: Place(file: "board.yml"))
    let (possible, notes) = converter.possible(definition)
    #expect(possible.formats == [.html, .csv])
    #expect(
      notes.map(\.severity) == [.note, .note] && notes.map(\.name) == ["format-not-made", "format-not-made"])
    #expect(notes[0].problem == "`board` is not written as pdf: no Chromium is installed")
    #expect(
      reason { () throws(Converter.Failure) in try converter.picture(drawing) }
        == "no rsvg-convert is installed")
  }

  @Test func aProgramThatFailsCostsItsDocumentAlone() throws {
    let converter = Converter(rasterizer: try program("exit 3"), browser: nil)
    let documents = [
      Document(name: "a.chart-1.png", format: .png, bytes: drawing),
      Document(name: "a.csv", format: .csv, bytes: [1]),
    ]
    let (made, findings) = converter.converted(documents, month: Month(year: 2024, month: 2))
    #expect(made.map(\.name) == ["a.csv"])
    #expect(findings.map(\.problem) == ["a.chart-1.png is not written: rsvg-convert: it ended with 3"])
  }

  @Test func aProgramThatHangsIsEndedWithAllItStarted() throws {
    let mark = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    let path = try program("(sleep 30; echo late > \(mark)) & echo $! > \(mark).pid; sleep 30")
    let process = ChildProcess(program: path, arguments: [], folder: "/tmp", seconds: 3, limit: 100)
    let start = ContinuousClock.now
    guard case .failed("it took more than 3 s") = process.run() else {
      Issue.record("it was not ended")
      return
    }
    #expect(ContinuousClock.now - start < .seconds(20))
    let child = try #require(
      pid_t(
        try String(contentsOfFile: mark + ".pid", encoding: .utf8).trimmingCharacters(
          in: .whitespacesAndNewlines)))
    func isEnded() -> Bool {
      // Gone, or a corpse that nobody has buried yet.
      let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
      return state == nil || state?.contains(") Z ") == true
    }
    // A busy machine takes a moment to end what was told to.
    for _ in 0..<100 where !isEnded() { usleep(100_000) }
    #expect(isEnded())
  }

  @Test func aProgramThatWritesWithoutEndIsEnded() throws {
    let process = ChildProcess(
      program: try program("yes"), arguments: [], folder: "/tmp", seconds: 20, limit: 100_000)
    guard case .failed("it wrote more than 100000 bytes") = process.run() else {
      Issue.record("it was not ended")
      return
    }
  }

  @Test func aProgramSeesNoSecretAndNoOpenFile() throws {
    setenv("PERENNIAL_TEST_SECRET", "hunter2", 1)
    let process = ChildProcess(
      program: try program("env; exec ls /proc/self/fd"), arguments: [], folder: "/tmp", seconds: 20,
      limit: 100_000)
    guard case .ended(let output) = process.run() else {
      Issue.record("it failed")
      return
    }
    let text = String(decoding: output, as: UTF8.self)
    #expect(!text.contains("hunter2") && text.contains("HOME=/tmp"))
    // The listing program holds the folder open that it lists.
    let files = text.split(separator: "\n").compactMap { Int($0) }
    #expect(files.filter { $0 <= 2 } == [0, 1, 2])
    #expect(files.filter { $0 > 2 }.count <= 1)
  }
}
