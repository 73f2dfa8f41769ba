import Model

/// The templates of the repository's own `Reports/templates/`, by file name.
public var builtInTemplates: [String: String] {
  var templates: [String: String] = [:]
  for (path, text) in BuiltInFiles.all {
    guard path.hasPrefix(ReportDefinition.templateFolder + "/") else { continue }
    templates[String(path.dropFirst(ReportDefinition.templateFolder.count + 1))] = text
  }
  return templates
}

/// The repository's own reports, by name: what a project without reports of its own has.
public func builtInReports() -> [ReportDefinition] {
  let collector = FindingCollector()
  let drafts = BuiltInFiles.all.keys.sorted().compactMap { path -> ReportFile.Draft? in
    guard path.hasPrefix(ReportFile.folder + "/"), path.hasSuffix(".yml"), let text = BuiltInFiles.all[path],
      let node = readYAML(text, file: path, collector)
    else { return nil }
    let name = String(path.dropFirst(ReportFile.folder.count + 1).dropLast(4))
    return ReportFile.read(node, name: name, dimensions: [], templates: builtInTemplates, collector)
  }
  return ReportFile.definitions(drafts, collector)
}
