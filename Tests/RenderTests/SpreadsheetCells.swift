import Foundation
import FoundationXML

/// The cells of a LibreOffice table in flat XML (`.fods`): what a spreadsheet made of a file.
final class SpreadsheetCells: NSObject, XMLParserDelegate {
  struct Cell: Equatable {
    /// `float`, `date`, `string`, `boolean`; empty for an empty cell.
    var type = ""
    /// The value behind the text: a number with a point, a day.
    var value = ""
    var text = ""
    var formula: String?
  }

  private(set) var rows: [[Cell]] = []
  private var cell: Cell?
  private var repeats = 1
  private var paragraphs = 0
  /// What stands outside of paragraphs is indentation.
  private var isInParagraph = false

  init(_ file: Data) throws {
    super.init()
    let parser = XMLParser(data: file)
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch name {
    case "table:table-row": rows.append([])
    case "table:table-cell":
      paragraphs = 0
      repeats = Int(attributes["table:number-columns-repeated"] ?? "") ?? 1
      cell = Cell(
        type: attributes["office:value-type"] ?? "",
        value: attributes["office:value"] ?? attributes["office:date-value"] ?? "",
        formula: attributes["table:formula"])
    case "text:p":
      if paragraphs > 0 { cell?.text += "\n" }
      paragraphs += 1
      isInParagraph = true
    case "text:s": cell?.text += String(repeating: " ", count: Int(attributes["text:c"] ?? "") ?? 1)
    case "text:tab": cell?.text += "\t"
    case "text:line-break": cell?.text += "\n"
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    if isInParagraph { cell?.text += characters }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text:p" { isInParagraph = false }
    guard name == "table:table-cell", let ended = cell else { return }
    cell = nil
    // What is repeated to the sheet's edge is nothing.
    if repeats < 100 { rows[rows.count - 1] += Array(repeating: ended, count: repeats) }
  }
}
