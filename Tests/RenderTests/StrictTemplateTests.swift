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
  #expect(found.first?.place == Place(file: "Reports/templates/report.md.mustache", line: 3, column: 3))
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
  #expect(found.first?.place == Place(file: "Reports/templates/report.md.mustache", line: 2, column: 1))
}

@Test func aFaultInAPartialNamesThePartial() {
  let found = faults("{{>foot}}", partials: ["foot.mustache": "{{title}}\n{{oops}}"])
  #expect(found.first?.place == Place(file: "Reports/templates/foot.mustache", line: 2, column: 1))
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

@Test(arguments: [
  ("{{title}}\n é {{#sections}}never closed", 2, 4, "the section '{{#sections}}' is not closed"),
  ("{{#sections}}\n{{#blocks}}\n{{/sections}}", 2, 1, "the section '{{#blocks}}' is not closed"),
  ("{{#sections}}\n{{/section}}", 2, 1, "'{{/section}}' closes no section"),
  ("\n{{/sections}}", 2, 1, "'{{/sections}}' closes no section"),
  ("a\n{{title\nb", 2, 1, "'{{title' is not closed"),
  ("{{{title}} b", 1, 1, "'{{{title' is not closed"),
  ("{{}}", 1, 1, "the tag '{{}}' has no name"),
  ("{{ the title }}", 1, 1, "'the title' is no name"),
  ("{{! of\ntwo lines }}{{ the\ntitle }}", 2, 13, "'the\ntitle' is no name"),
])
func aFaultOfSyntaxIsToldInWordsAtItsPlaceWithItsRemedy(
  _ template: String, _ line: Int, _ column: Int, _ problem: String
) {
  let found = faults(template)
  #expect(found.map(\.name) == ["bad-template"])
  #expect(found.first?.problem == problem)
  #expect(
    found.first?.place == Place(file: "Reports/templates/report.md.mustache", line: line, column: column))
  #expect(found.first?.remedy?.isEmpty == false)
}

@Test func allFaultsOfATemplateAreToldAtOnce() {
  let found = faults("{{#sections}}\n{{}}\n{{a.b}}\n{{>nowhere}}")
  #expect(
    Set(found.map(\.name)) == ["bad-template", "unsupported-tag", "missing-partial"] && found.count == 4)
}

@Test func aTagMayGoOverLinesAndHaveSpaces() {
  var definition = shipped("customers")
  definition.formats = [.markdown]
  let rendered = render(
    definition, SampleCompany.firstMonth.reportData(dimensions: []),
    templates: [
      "report.md.mustache": "{{! a\nremark }}{{ company }}, {{{ month }}}, {{# has_notes }}n{{/ has_notes }}"
    ])
  #expect(rendered.findings.isEmpty)
  #expect(rendered.documents.first?.text.hasPrefix("Day One, February 2024") == true)
}

@Test func aNameOfAListIsMissingOutsideItAndToldWhereItIsUsedWrongly() {
  let found = faults("{{#sections}}{{heading}}{{/sections}}\n{{heading}}")
  #expect(found.map(\.place?.line) == [2])
  #expect(found.first?.remedy?.contains("further in") == true)
}

@Test(arguments: [
  ("x {{sections}}", 1, 3, "blocks"), ("x\n{{{notes}}}", 2, 1, "note"), ("{{&basis}}", 1, 1, "basis_text"),
  ("{{#sections}}\n {{blocks}}{{/sections}}", 2, 2, "is_table"),
])
func aListWhereATextIsWantedIsRefusedAtItsPlaceWithWhatItHas(
  _ template: String, _ line: Int, _ column: Int, _ inside: String
) {
  let found = faults(template)
  #expect(found.map(\.name) == ["list-as-text"])
  #expect(
    found.first?.place == Place(file: "Reports/templates/report.md.mustache", line: line, column: column))
  #expect(found.first?.remedy?.contains(inside) == true)
}

@Test func listsWhereTextsAreWantedAreFoundBeforeThereIsAFigure() {
  var templates = builtInTemplates
  templates["tiles.md.mustache"] = "{{#tiles}}{{against}}{{/tiles}}"
  templates["mail.txt.mustache"] = "{{lead}}\n{{pictures}}"
  let found = templateFaults(of: [shipped("board_pack")], templates: templates)
  #expect(Set(found.map(\.name)) == ["list-as-text"])
  #expect(
    found.compactMap(\.place).sorted { $0.file < $1.file } == [
      Place(file: "Reports/templates/mail.txt.mustache", line: 2, column: 1),
      Place(file: "Reports/templates/tiles.md.mustache", line: 1, column: 11),
    ])
}

@Test func templatesAreCheckedBeforeThereIsAFigure() {
  #expect(templateFaults(of: builtInReports(), templates: builtInTemplates).isEmpty)
  var templates = builtInTemplates
  templates["tiles.md.mustache"] = "{{#tiles}}{{#against}}{{against_txt}}{{/against}}{{/tiles}}"
  templates["mail.txt.mustache"] = "{{lead}}{{^has_remarks}}{{nothing}}{{/has_remarks}}"
  templates["comparison.md.mustache"] = "{{#has_customers}}{{nobody}}{{/has_customers}}"
  let found = templateFaults(of: [shipped("customers"), shipped("board_pack")], templates: templates)
  #expect(
    found.compactMap(\.place).sorted { $0.file < $1.file } == [
      Place(file: "Reports/templates/comparison.md.mustache", line: 1, column: 19),
      Place(file: "Reports/templates/mail.txt.mustache", line: 1, column: 25),
      Place(file: "Reports/templates/tiles.md.mustache", line: 1, column: 23),
    ])
}

@Test func aMissingTemplateLeavesOnlyItsFormatOut() {
  var definition = shipped("customers")
  definition.templates[.html] = "own.html.mustache"
  let rendered = render(
    definition, SampleCompany.firstMonth.reportData(dimensions: []), templates: builtInTemplates)
  #expect(rendered.documents.map(\.format) == [.markdown, .csv])
  #expect(rendered.findings.map(\.name) == ["missing-template"])
  #expect(rendered.findings.first?.place?.file == "Reports/templates/own.html.mustache")
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
