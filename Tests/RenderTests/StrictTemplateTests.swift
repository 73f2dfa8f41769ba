import Model
import Project
import Testing

@testable import Render

private func faults(_ template: String, partials: [String: String] = [:]) -> [Finding] {
  var templates = partials
  templates["report.md.mustache"] = template
  var definition = shipped("customers")
  definition.formats = [.markdown]
  let data = SampleCompany.firstMonth.reportData(dimensions: [])
  let rendered = render(definition, data, templates: templates)
  #expect(rendered.documents.isEmpty == !rendered.findings.isEmpty)
  return rendered.findings
}

@Test func aNameWithoutAValueIsAnError() {
  let found = faults("# {{title}}\n\n  {{tittle}}\n")
  #expect(found.map(\.name) == ["missing-variable"])
  #expect(found.first?.place == Place(file: "report.md.mustache", line: 3, column: 3))
  #expect(found.first?.remedy?.contains("title") == true)
}

@Test(arguments: [
  "{{^nothing}}x{{/nothing}}", "{{#nothing}}x{{/nothing}}", "{{{nothing}}}",
  "{{#sections}}{{nothing}}{{/sections}}", "{{.}}", "{{#sections}}{{.}}{{/sections}}",
])
func everyWayToNameAMissingValueIsAnError(_ template: String) {
  #expect(faults(template).map(\.name) == ["missing-variable"])
}

@Test func aMissingPartialIsAnErrorAtItsPlace() {
  let found = faults("{{title}}\n{{>foot}}\n")
  #expect(found.map(\.name) == ["missing-partial"])
  #expect(found.first?.place == Place(file: "report.md.mustache", line: 2, column: 1))
}

@Test func aFaultInAPartialNamesThePartial() {
  let found = faults("{{>foot}}", partials: ["foot.mustache": "{{title}}\n{{oops}}"])
  #expect(found.first?.place == Place(file: "foot.mustache", line: 2, column: 1))
}

@Test(arguments: [
  "{{uppercased(title)}}", "{{#reversed(sections)}}{{/reversed(sections)}}", "{{notes.number}}",
  "{{=<% %>=}}", "{{% CONTENT_TYPE: TEXT}}",
])
func whatTheLibraryWouldLetPassInSilenceIsAnError(_ template: String) {
  #expect(faults(template).contains { $0.name == "unsupported-tag" && $0.severity == .error })
}

@Test func templatesThatNameEachOtherInACircleAreAnError() {
  let found = faults("{{>a}}", partials: ["a.mustache": "{{>b}}", "b.mustache": "{{>a}}"])
  #expect(found.map(\.name) == ["circular-partial"])
}

@Test func anUnclosedSectionIsAnErrorWithItsTemplate() {
  let found = faults("{{#sections}}never closed")
  #expect(found.map(\.name) == ["bad-template"])
  #expect(found.first?.place?.file == "report.md.mustache")
}

@Test func aMissingTemplateLeavesOnlyItsFormatOut() {
  var definition = shipped("customers")
  definition.templates[.html] = "own.html.mustache"
  let rendered = render(
    definition, SampleCompany.firstMonth.reportData(dimensions: []), templates: builtInTemplates)
  #expect(rendered.documents.map(\.format) == [.markdown, .csv])
  #expect(rendered.findings.map(\.name) == ["missing-template"])
  #expect(rendered.findings.first?.place?.file == "own.html.mustache")
}

@Test func threeBracesDoNotSwitchEscapingOff() {
  let data = SampleCompany.hostileNames.reportData(dimensions: [])
  var definition = shipped("customers")
  definition.formats = [.html]
  let rendered = render(
    definition, data, templates: ["report.html.mustache": "{{{company}}}{{&company}}{{company}}"])
  let escaped = "&lt;b&gt;Evil&lt;/b&gt; | Corp"
  #expect(rendered.documents.first?.text == escaped + escaped + escaped)
}

@Test func aReportsOwnTemplateIsUsed() {
  var definition = shipped("customers")
  definition.formats = [.markdown]
  definition.templates[.markdown] = "ours.md"
  let rendered = render(
    definition, SampleCompany.firstMonth.reportData(dimensions: []),
    templates: ["ours.md": "{{company}} in {{month}}"])
  #expect(rendered.documents.first?.text == "Day One in February 2024")
}
