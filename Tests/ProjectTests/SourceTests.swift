import Model
import Project
import Testing

private func source(_ text: String, named name: String = "crm") throws -> SourceConfiguration {
  let loaded = try TemporaryProject.load(["Config/sources/\(name).yml": text])
  #expect(loaded.findings.map { $0.text() } == [])
  return try #require(loaded.project?.source(named: name))
}

private func digits(_ count: Int) -> String { String(repeating: "[0-9]", count: count) }

@Test func aDatedFileNameSaysBothWhichFilesAndUpToWhen() throws {
  let read = try source("files: exports/s/subs_YYYY-MM-DD.csv\nentities:\n  customer: {id: A}\n")
  #expect(read.files == ["exports/s/subs_\(digits(4))-\(digits(2))-\(digits(2)).csv"])
  #expect(read.dataThrough == .fileName("subs_YYYY-MM-DD.csv"))
}

@Test(arguments: [
  ("summary_YYYYMMDD.csv.gz", "summary_\(digits(8)).csv.gz"),
  ("DD.MM.YYYY-customers.csv", "\(digits(2)).\(digits(2)).\(digits(4))-customers.csv"),
  (
    "x_YYYY-MM-DDThh-mm-ss.csv",
    "x_\(digits(4))-\(digits(2))-\(digits(2))T\(digits(2))-\(digits(2))-\(digits(2)).csv"
  ),
  ("x_YYYY-MM-DD_final*.csv", "x_\(digits(4))-\(digits(2))-\(digits(2))_final*.csv"),
])
func theDateInAFileNameBecomesAGlob(path: String, glob: String) throws {
  let read = try source("files: \(path)\nentities:\n  customer: {id: A}\n")
  #expect(read.files == [glob])
  #expect(read.dataThrough == .fileName(path))
}

@Test func aSourceTakesItsNameAsSystemAndTheStandardsElsewhere() throws {
  let read = try source(
    "files: [a.csv, b*.csv]\nentities:\n  customer: {id: A}\n  expense: {day: D, category: C, amount: X, currency: Y}\n"
  )
  #expect(read.system == "crm")
  #expect(read.extent == .full)
  #expect(read.dataThrough == .asOf)
  #expect(read.format == FileFormat())
  #expect(read.maximumQuarantineShare == 10_000)
  #expect(read.maximumRowFall == 200_000)
  #expect(read.entities.map(\.rows) == [.currentState, .periods])
}

@Test func everyOptionOfASourceIsRead() throws {
  let read = try source(
    """
    system: salesforce
    files: a.csv
    dates: DD.MM.YYYY
    extent: delta
    data_through: {column: exported_at}
    quarantine: {max_share: 0.25 %}
    hold: {rows_fall: 30%, mrr_fall: 7.5 %}
    format: {delimiter: tab, encoding: latin-1, decimal: ",", thousands: ".", header: false, columns: [A, B],
      skip_lines: 2, footer: Total, comment: "#", quote: "'", escape: "\\\\", skip_empty_lines: blank}
    entities:
      customer:
        id: {template: "{A}-{B}"}
        name: {column: B, missing: [n/a, "-"], default: Unnamed}
        created: C
        employees: {column: E, optional: true}
        attributes:
          industry: {column: I, map: {SW: Software}, otherwise: Other}
      plan:
        rows: periods
        id: P
        amount: {column: M, unit: minor}
    """)
  #expect(read.system == "salesforce")
  #expect(read.extent == .delta)
  #expect(read.maximumQuarantineShare == 2_500)
  #expect(read.maximumRowFall == 300_000)
  #expect(read.maximumMRRFall == 75_000)
  #expect(
    read.format
      == FileFormat(
        encoding: .latin1, delimiter: "\t", quote: 0x27, escape: 0x5C, comment: "#", header: false,
        columns: ["A", "B"], skipLines: 2, footer: ["Total"], skippedRows: .blank, decimalMark: 0x2C,
        thousands: 0x2E))
  guard case .column(let through) = read.dataThrough else { return #expect(Bool(false), "no column") }
  #expect(through.origin == .column("exported_at"))
  #expect(through.date == .pattern("DD.MM.YYYY"))
  let customer = read.entities[0]
  #expect(customer.fields["id"]?.origin == .template("{A}-{B}"))
  #expect(customer.fields["name"]?.missing == ["n/a", "-"])
  #expect(customer.fields["name"]?.defaultValue == "Unnamed")
  #expect(customer.fields["created"]?.date == .pattern("DD.MM.YYYY"))
  #expect(customer.fields["employees"]?.optional == true)
  #expect(customer.attributes["industry"]?.map == ["SW": "Software"])
  #expect(customer.attributes["industry"]?.otherwise == "Other")
  #expect(read.entities[1].rows == .periods)
  #expect(read.entities[1].fields["amount"]?.unit == .minor)
}

@Test func aPresetsColumnIsRenamedByATextAndTheRestOfItsMappingStays() throws {
  let read = try source(
    """
    preset: stripe_subscriptions
    files: subs.csv
    entities:
      subscription:
        ended: end_time
        cancel_reason: ~
      recurring_charge:
        currency: {constant: EUR}
    """)
  let subscription = read.entities[0]
  #expect(read.system == "stripe")
  #expect(subscription.fields["ended"]?.origin == .column("end_time"))
  #expect(subscription.fields["ended"]?.bound == .exclusive)
  #expect(subscription.fields["ended"]?.date == .epochSeconds)
  #expect(subscription.fields["cancel_reason"] == nil)
  #expect(subscription.fields["status"]?.origin == .column("status"))
  #expect(read.entities[1].fields["currency"]?.origin == .constant("EUR"))
}

@Test func aRenamedColumnOfAPresetMustBeThere() throws {
  let read = try source("preset: stripe_customers\nfiles: c.csv\nentities:\n  customer: {country: land}\n")
  #expect(read.entities[0].fields["country"]?.origin == .column("land"))
  #expect(read.entities[0].fields["country"]?.optional == false)
  #expect(read.entities[0].fields["created"]?.optional == true)
}

@Test func aProjectsOwnPresetStandsBeforeTheBuiltInOne() throws {
  let loaded = try TemporaryProject.load([
    "Config/presets/expenses.yml":
      "entities:\n  expense: {day: When, category: What, amount: Much, currency: {constant: USD}}\n",
    "Config/sources/books.yml": "preset: expenses\nfiles: e.csv\n",
  ])
  let fields = loaded.project?.source(named: "books")?.entities.first?.fields
  #expect(loaded.findings == [])
  #expect(fields?["day"]?.origin == .column("When"))
}

@Test func aFaultOfAPresetsFieldIsToldAtTheLineThatNamesThePreset() throws {
  let loaded = try TemporaryProject.load([
    "Config/presets/mine.yml": "entities:\n  customer: {nmae: A}\n",
    "Config/sources/books.yml": "files: e.csv\npreset: mine\n",
  ])
  #expect(loaded.findings.map(\.name) == ["unknown-column", "missing-mapping"])
  #expect(
    Set(loaded.findings.map { $0.place }) == [Place(file: "Config/sources/books.yml", line: 2, column: 1)])
}
