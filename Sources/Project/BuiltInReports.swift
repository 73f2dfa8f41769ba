import Model

/// The templates of the repository's own `Reports/templates/`, by file name.
var builtInTemplates: [String: String] {
  var templates: [String: String] = [:]
  for (path, text) in BuiltInFiles.all {
    guard path.hasPrefix(ReportFile.templateFolder + "/") else { continue }
    templates[String(path.dropFirst(ReportFile.templateFolder.count + 1))] = text
  }
  return templates
}

/// The repository's own reports, with the breakdowns a project has.
func builtInReports(dimensions: [String]) -> [ReportDefinition] {
  let collector = FindingCollector()
  return BuiltInFiles.all.keys.sorted().compactMap { path in
    guard path.hasPrefix(ReportFile.folder + "/"), path.hasSuffix(".yml"), let text = BuiltInFiles.all[path],
      let node = readYAML(text, file: path, collector)
    else { return nil }
    let name = String(path.dropFirst(ReportFile.folder.count + 1).dropLast(4))
    var report = ReportFile.read(
      node, name: name, dimensions: dimensions, templates: builtInTemplates, collector)
    report.dimensions = report.dimensions.filter(dimensions.contains)
    return report
  }
}
