import Foundation
import FoundationXML
import Model
import Project
import Testing

@testable import Render

@Suite struct PictureTests {
  @Test(arguments: shippedReports)
  func everyPictureStandsAlone(_ name: String) throws {
    let definition = shipped(name)
    for picture in mailPictures(definition, ReportCase.everyMovement.data, templates: builtInTemplates) {
      let text = String(decoding: picture.drawing, as: UTF8.self)
      let parser = XMLParser(data: Data(picture.drawing))
      #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
      #expect(!text.contains("var(") && !text.contains("url(") && !text.contains("href"))
      #expect(text.contains("font-family: \"DejaVu Sans\"") && !picture.description.isEmpty)
    }
  }

  @Test func aMailShowsThePicturesItCarriesAndNoOthers() throws {
    let (definition, data) = (shipped("mrr_bridge"), ReportCase.everyMovement.data)
    let pictures = mailPictures(definition, data, templates: builtInTemplates)
    // Three of its seven: a mail stays small.
    #expect(pictures.count == 3)
    let with = try #require(
      brief(definition, data, templates: builtInTemplates, pictures: pictures).brief)
    for picture in pictures { #expect(with.html.contains("src=\"cid:\(picture.id)\"")) }
    let without = try #require(brief(definition, data, templates: builtInTemplates).brief)
    #expect(!without.html.contains("<img") && with.text == without.text)
  }

  @Test func markdownShowsThePicturesThatStandBesideIt() throws {
    var definition = shipped("mrr_bridge")
    definition.formats = [.markdown, .png]
    let documents = render(definition, ReportCase.everyMovement.data, templates: builtInTemplates).documents
    let names = documents.filter { $0.format == .png }.map(\.name)
    #expect(names == (1...7).map { "mrr_bridge.chart-\($0).png" })
    let markdown = try #require(documents.first { $0.format == .markdown }).text
    for name in names { #expect(markdown.contains("](\(name))")) }
  }
}
