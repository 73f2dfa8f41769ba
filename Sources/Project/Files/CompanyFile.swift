import Model

/// `Config/company.yml`.
enum CompanyFile {
  static let path = "Config/company.yml"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "name", .scalar(.text), "The company's name, as reports show it.", required: "name: Your Company"),
      ShapeKey(
        "reporting_currency", .scalar(.currency), "The ISO 4217 currency reports are in.",
        required: "reporting_currency: USD"),
      ShapeKey(
        "time_zone", .scalar(.zone), "The IANA time zone that decides which day an instant belongs to.",
        standard: "UTC"),
      ShapeKey(
        "fiscal_year_starts", .scalar(.fiscalMonth),
        "The first month of the fiscal year, by name or number; a fiscal year is named after the year it ends in.",
        standard: "january"),
      ShapeKey("output", .scalar(.innerPath), "The folder a run writes to.", standard: "output"),
      ShapeKey(
        "warehouse", .scalar(.innerPath), "The warehouse file, relative to the project.",
        standard: "warehouse.sqlite in the output folder"),
      ShapeKey(
        "landing_runs", .scalar(.whole(1...1000)),
        "How many reads of each source the landing folder keeps: what files from elsewhere are not fetched again by, and what `perennial run --offline` reads.",
        standard: "7"),
      ShapeKey(
        "cac_lag", .scalar(.whole(0...24)),
        "Months between spending on sales and marketing and the customers it wins.", standard: "0"),
      ShapeKey(
        "attribute_sources", .list(.scalar(.text), single: true),
        "Sources whose country, employees and attributes of a customer win, the strongest first.",
        standard: "all sources, by name"),
      ShapeKey(
        "csv_decimal", .scalar(.mark([".", ","], expected: "`.` or `,`")),
        "The decimal mark of CSV reports. With `,` their fields are separated by `;`: so spreadsheets expect them where 1.234,56 is written.",
        standard: "."),
      ShapeKey(
        "style", StyleShape.shape,
        "How reports write numbers and days, CSV aside: `de` has 1.234,56 EUR and 31.10.2026.", standard: "en"
      ),
    ])

  static func read(_ node: ConfigurationNode, _ collector: FindingCollector) -> ProjectConfiguration.Company {
    let output = node["output"]?.text ?? "output"
    return ProjectConfiguration.Company(
      name: node["name"]?.text ?? "",
      currency: node["reporting_currency"]?.text.flatMap { Currency($0) } ?? .usDollar,
      zone: node["time_zone"]?.text.flatMap { reportingZone(named: $0) } ?? .utc,
      fiscalYearStart: node["fiscal_year_starts"]?.text.flatMap(monthNumber) ?? 1, output: output,
      warehouse: node["warehouse"]?.text ?? output + "/warehouse.sqlite",
      landing: output + "/landing", landingRuns: node["landing_runs"]?.whole ?? 7,
      cacLag: node["cac_lag"]?.whole ?? 0,
      attributeSources: node["attribute_sources"]?.texts ?? [],
      csvDecimalMark: node["csv_decimal"]?.text == "," ? 0x2C : 0x2E,
      style: StyleShape.read(node["style"], collector) ?? .english)
  }
}

extension Currency {
  /// Stands in where the configuration names none; such a project is never handed out.
  fileprivate static let usDollar = Currency(packed: 0x55_53_44)
}
