import Model

/// `Reports/NAME.yml`.
enum ReportFile {
  static let folder = "Reports"
  static let templateExtension = ".mustache"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey("title", .scalar(.text), "Its title.", standard: "the file's name in words"),
      ShapeKey("for", .scalar(.text), "For whom it is; one line under the title.", standard: "nothing"),
      ShapeKey(
        "formats", .list(.scalar(.oneOf(formats)), single: true), "The files to write.",
        standard: ReportDefinition.Format.usual.map(\.rawValue).joined(separator: ", ")),
      ShapeKey(
        "style", StyleShape.shape,
        "How numbers and days are written; the words stay English.", standard: "the company's"),
      ShapeKey(
        "page", .scalar(.oneOf(["tall", "wide"])),
        "Whether its pages are higher than wide or wider than high.",
        standard: "tall"),
      ShapeKey(
        "months", .scalar(.whole(1...120)), "Months of history of sections that do not say so themselves.",
        standard: "12"),
      ShapeKey(
        "rows", .scalar(.whole(1...1000)), "Rows of lists of sections that do not say so themselves.",
        standard: "10"),
      ShapeKey(
        "sections", .list(SectionShape.shape, single: false), "What it shows, in order.",
        required: anySections),
      ShapeKey(
        "templates",
        .mapping(
          noun: .format,
          ReportDefinition.Format.allCases.filter(\.hasTemplate).map(\.rawValue).map {
            ShapeKey($0, .scalar(.text), "A file of `Reports/templates/`.")
          }),
        "Templates of your own, by format.", standard: "the built-in ones"),
      ShapeKey(
        "report", .scalar(.text), "What the report shows.", misplaced: "what it shows is said by `sections`"),
      ShapeKey(
        "dimensions", .scalar(.text), "Segments.", misplaced: "each of its `sections` says its own"),
    ])

  private static let anySections = "sections: [{kind: figures, metrics: [mrr, customers]}]"

  private static let formats = ReportDefinition.Format.allCases.map(\.rawValue)

  /// A definition whose sections of other reports are still to be put in.
  struct Draft {
    var definition: ReportDefinition
    var items: [SectionReader.Item]
  }

  static func read(
    _ node: ConfigurationNode, name: String, dimensions: [String], templates: [String: String],
    _ collector: FindingCollector
  ) -> Draft {
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
    if let list = node["sections"], list.isEmptyList {
      collector.report(
        .emptyKey, at: list.place, "`sections` is empty: the report would show nothing",
        remedy: "write `\(anySections)`")
    }
    let reader = SectionReader(
      collector: collector, dimensions: dimensions, months: node["months"]?.whole ?? 12,
      rows: node["rows"]?.whole ?? 10)
    let definition = ReportDefinition(
      name: name, title: node["title"]?.text ?? titleFromName(name), audience: node["for"]?.text ?? "",
      formats: node["formats"].map { $0.texts.compactMap(ReportDefinition.Format.init) }
        ?? ReportDefinition.Format.usual,
      style: StyleShape.read(node["style"], collector), isWide: node["page"]?.text == "wide",
      templates: files,
      place: node.place)
    return Draft(definition: definition, items: (node["sections"]?.items ?? []).compactMap(reader.read))
  }

  /// The definitions with the sections of the reports they take in.
  static func definitions(_ drafts: [Draft], _ collector: FindingCollector) -> [ReportDefinition] {
    drafts.map { draft in
      var definition = draft.definition
      definition.sections = sections(of: draft, drafts, path: [definition.name], collector)
      return definition
    }
  }

  private static func sections(
    of draft: Draft, _ drafts: [Draft], path: [String], _ collector: FindingCollector
  ) -> [SectionDefinition] {
    draft.items.flatMap { item -> [SectionDefinition] in
      switch item {
      case .section(let section): return [section]
      case .report(let name, let title, let place):
        guard let other = drafts.first(where: { $0.definition.name == name }) else {
          collector.reportUnknown(.report, name, at: place, among: drafts.map(\.definition.name))
          return []
        }
        guard !path.contains(name) else {
          collector.report(
            .ambiguousChoice, at: place, "`\(name)` takes itself in, directly or through others",
            remedy: "take the section out")
          return []
        }
        var sections = sections(of: other, drafts, path: path + [name], collector)
        for number in sections.indices { sections[number].part = nil }
        if !sections.isEmpty { sections[0].part = title ?? other.definition.title }
        return sections
      }
    }
  }

  private static func titleFromName(_ name: String) -> String {
    let words = String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
