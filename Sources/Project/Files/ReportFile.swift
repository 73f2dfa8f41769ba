import Model

/// `Reports/NAME.yml`.
enum ReportFile {
  static let folder = "Reports"
  static let templateFolder = "Reports/templates"
  static let templateExtension = ".mustache"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "report", .scalar(.oneOf(ReportDefinition.Kind.allCases.map(\.rawValue))), "What the report shows.",
        required: "report: executive_summary"),
      ShapeKey("title", .scalar(.text), "Its title.", standard: "the file's name in words"),
      ShapeKey("for", .scalar(.text), "For whom it is; one line under the title.", standard: "nothing"),
      ShapeKey(
        "formats", .list(.scalar(.oneOf(formats)), single: true), "The files to write.",
        standard: formats.joined(separator: ", ")),
      ShapeKey(
        "dimensions", .list(.scalar(.text), single: true),
        "Segments to break down by: names of `Config/segments.yml`.",
        standard: "all the report can be broken down by"),
      ShapeKey("months", .scalar(.whole(1...120)), "Months of history.", standard: "12"),
      ShapeKey("rows", .scalar(.whole(1...1000)), "Rows of lists.", standard: "10"),
      ShapeKey(
        "templates",
        .mapping(
          noun: .format, formats.map { ShapeKey($0, .scalar(.text), "A file of `Reports/templates/`.") }),
        "Templates of your own, by format.", standard: "the built-in ones"),
    ])

  private static let formats = ReportDefinition.Format.allCases.map(\.rawValue)

  static func read(
    _ node: ConfigurationNode, name: String, dimensions: [String], templates: [String: String],
    _ collector: FindingCollector
  ) -> ReportDefinition {
    for item in node["dimensions"]?.items ?? [] {
      guard let dimension = item.text, !dimensions.contains(dimension) else { continue }
      collector.reportUnknown(.segment, dimension, at: item.place, among: dimensions)
    }
    var files: [ReportDefinition.Format: String] = [:]
    for entry in node["templates"]?.entries ?? [] {
      guard let format = ReportDefinition.Format(rawValue: entry.key), let file = entry.value.text else {
        continue
      }
      files[format] = file
      if templates[file] == nil {
        collector.reportUnknown(.template, file, at: entry.value.place, among: templates.keys.sorted())
      }
    }
    return ReportDefinition(
      name: name, kind: node["report"]?.text.flatMap(ReportDefinition.Kind.init) ?? .executiveSummary,
      title: node["title"]?.text ?? titleFromName(name), audience: node["for"]?.text ?? "",
      formats: node["formats"].map { $0.texts.compactMap(ReportDefinition.Format.init) }
        ?? ReportDefinition.Format.allCases,
      dimensions: node["dimensions"]?.texts ?? [], months: node["months"]?.whole ?? 12,
      rows: node["rows"]?.whole ?? 10, templates: files, place: node.place)
  }

  private static func titleFromName(_ name: String) -> String {
    let words = String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
