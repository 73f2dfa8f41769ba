import Model

/// `Config/rates.yml`.
enum RatesFile {
  static let path = "Config/rates.yml"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "max_rate_age", .scalar(.whole(0...366)),
        "Days a rate may be old where a day has none; an older one stops the run.", standard: "7"),
      ShapeKey(
        "fixed", .named(.currency, .scalar(.rate)),
        "What one unit of a currency is worth in the reporting currency; used by the policy's `rate_date: fixed` alone."
      ),
    ])

  static func read(_ node: ConfigurationNode) -> ProjectConfiguration.Rates {
    var fixed: [Currency: ExactRate] = [:]
    for entry in node["fixed"]?.entries ?? [] {
      if let currency = Currency(entry.key), let rate = entry.value.text.flatMap({ ExactRate(decimal: $0) }) {
        fixed[currency] = rate
      }
    }
    return ProjectConfiguration.Rates(maximumAge: node["max_rate_age"]?.whole ?? 7, fixed: fixed)
  }
}
