import Model
import Project
import Testing

private let company = "Config/company.yml"
private let policy = "Config/policy.yml"
private let segments = "Config/segments.yml"
private let rates = "Config/rates.yml"
private let billing = "Config/sources/billing.yml"

private func faults(_ path: String, _ text: String) throws -> [String] {
  try TemporaryProject.faults([path: text])
}

private func remedies(_ path: String, _ text: String) throws -> [String] {
  try TemporaryProject.remedies([path: text])
}

/// `line:column name` of each.
private func names(_ path: String, _ text: String) throws -> [String] {
  try faults(path, text).map { String($0.split(separator: ": ")[0]) }
}

@Test func theSmallestProjectIsSound() throws {
  let loaded = try TemporaryProject.load()
  #expect(loaded.findings == [])
  #expect(loaded.project?.policy == .standard)
}

@Test func aFolderWithoutCompanyFileIsNoProject() throws {
  let loaded = try TemporaryProject.load(over: [:])
  #expect(loaded.project == nil)
  #expect(loaded.findings.map(\.name) == ["not-a-project"])
}

@Test func aMisspeltKeyIsToldWithItsPlaceAndTheKeyMeant() throws {
  let text = "name: Acme\nreporting_currency: USD\ntime_zome: UTC\n"
  #expect(try faults(company, text) == ["3:1 unknown-key: no key is named `time_zome`"])
  #expect(try remedies(company, text) == ["did you mean `time_zone`?"])
}

@Test func aMissingKeyIsToldWithTheLineToPaste() throws {
  #expect(
    try faults(company, "name: Acme\n") == [
      "1:1 missing-key: the company says no `reporting_currency`: the ISO 4217 currency reports are in"
    ])
  #expect(try remedies(company, "name: Acme\n") == ["add the line `reporting_currency: USD`"])
}

@Test func aKeyWithoutValueIsTold() throws {
  #expect(
    try faults(company, "name:\nreporting_currency: USD\n") == ["1:6 empty-key: `name` has no value"])
}

@Test func aListWhereATextBelongsIsTold() throws {
  #expect(
    try faults(company, "name: [Acme, Inc]\nreporting_currency: USD\n") == [
      "1:7 wrong-kind: `name` is a list, expected is a text"
    ])
}

@Test func anUnknownCurrencyIsToldWithTheOneMeant() throws {
  let text = "name: Acme\nreporting_currency: UDS\n"
  #expect(
    try faults(company, text) == [
      "2:21 unknown-currency: `reporting_currency` takes an ISO 4217 currency such as `EUR`, not `UDS`"
    ])
  #expect(try remedies(company, text).first?.contains("did you mean `USD`?") == true)
}

@Test func anUnknownTimeZoneIsToldWithTheOneMeant() throws {
  let text = "name: Acme\nreporting_currency: USD\ntime_zone: Europe/Berlim\n"
  #expect(try names(company, text) == ["3:12 unknown-time-zone"])
  #expect(try remedies(company, text).first?.contains("did you mean `Europe/Berlin`?") == true)
}

@Test func anOutputFolderOutsideTheProjectIsRefused() throws {
  for path in ["/tmp/x", "../x", "a/../../x"] {
    let text = "name: Acme\nreporting_currency: USD\noutput: \(path)\n"
    #expect(
      try faults(company, text) == [
        "3:9 bad-path: `output` takes a relative path without `..`, not `\(path)`"
      ])
  }
}

@Test func aSecretIsRefusedWhereItWouldBePrinted() throws {
  #expect(
    try faults(company, "name: ${env:NAME}\nreporting_currency: USD\n") == [
      "1:7 misplaced-secret: `name` takes no `${...}`: its value is printed and stored"
    ])
}

@Test func textThatIsNoYAMLIsToldWithItsPlace() throws {
  let found = try faults(company, "name: Acme\n  reporting_currency: USD\n")
  #expect(found.count == 1)
  #expect(found[0].hasPrefix("2:21 yaml-syntax: "))
}

@Test func aKeyGivenTwiceIsTold() throws {
  #expect(
    try names(company, "name: Acme\nname: Bcme\nreporting_currency: USD\n") == [
      "1:1 duplicate-key"
    ])
}

@Test func aFileThatNothingReadsIsAWarning() throws {
  let loaded = try TemporaryProject.load([
    "Config/polcy.yml": "policy: stripe@1\n", "Config/sources/crm.yaml": "files: a.csv\n",
  ])
  #expect(loaded.project != nil)
  #expect(loaded.findings.map(\.severity) == [.warning, .warning])
  #expect(loaded.findings.map(\.remedy) == ["did you mean `policy.yml`?", "did you mean `crm.yml`?"])
}

@Test func anUnknownPresetOfAPolicyIsTold() throws {
  let text = "policy: standard@2\n"
  #expect(try names(policy, text) == ["1:9 unknown-policy"])
  #expect(try remedies(policy, text).first?.contains("did you mean `standard@1`?") == true)
}

@Test func misspeltPolicyKeysAndValuesAreAllTold() throws {
  let text =
    "overrides:\n  trails: exclude\n  paused: zeroo\n  statuses: [active, lapsed]\n  grace_days: -1\n"
  #expect(
    try names(policy, text) == [
      "2:3 unknown-policy-key", "3:11 bad-policy-value", "4:22 bad-policy-value", "5:15 bad-policy-value",
    ])
}

@Test func anOverrideOfNothingIsTold() throws {
  #expect(try names(policy, "overrides:\n  statuses: []\n") == ["2:13 empty-key"])
}

@Test func aSegmentOfNothingAndOneOfTwoThingsAreTold() throws {
  let text =
    "segments:\n  a: {}\n  b: {attribute: country, charge: plan}\n  c: {band: arr}\n  d: {band: arr, bounds: [5, 5]}\n"
  #expect(
    try faults(segments, text) == [
      "2:3 missing-key: `a` does not say what it is a segment of",
      "3:3 ambiguous-segment: `b` is said to be of attribute and charge at once",
      "3:18 unknown-attribute: no attribute is named `country`",
      "4:3 missing-key: the bands of `c` have no bounds",
      "5:26 bad-value: the bounds of `d` do not ascend",
    ])
}

@Test func groupsAndFirstValuesAreTakenWhereTheyMeanSomething() throws {
  let text = """
    segments:
      a: {attribute: industry, groups: {X: [Retail, Energy], Y: Retail}, others: Z}
      b: {attribute: industry, others: Z}
      c: {charge: currency, groups: {X: [EUR]}}
      d: {charge: plan, value: first}
      e: {band: arr, bounds: [5], value: last}
      f: {charge: plan, bounds: [5]}
      g: {attribute: industry, bounds: [9, 5]}

    """
  #expect(
    try faults(segments, text).filter { !$0.contains("unknown-attribute") } == [
      "2:61 bad-value: `Retail` is in the groups `X` and `Y`",
      "3:28 misplaced-key: `others` means nothing without `groups`",
      "4:25 misplaced-key: `groups` means nothing in `c`",
      "5:21 misplaced-key: `value` means nothing for what charges are for: each has one of its own",
      "6:38 bad-value: `value` takes one of current, first, not `last`",
      "7:21 misplaced-key: `bounds` means nothing without `band` or `attribute`",
      "8:36 bad-value: the bounds of `g` do not ascend",
    ])
}

@Test(arguments: [
  ("", ["missing-key", "missing-key", "missing-key", "missing-key"]),
  ("title: A\nunit: money\ndefinition: A.\n", ["missing-key"]),
  ("title: A\nunit: cash\ndefinition: A.\nexpression: mrr\n", ["bad-value"]),
  ("title: A\nunit: money\ndefinition: A.\nexpression: mrr +\n", ["bad-expression"]),
  ("title: A\nunit: money\ndefinition: A.\nexpression: 1 + 2\n", ["bad-expression"]),
  ("title: A\nunit: money\ndefinition: A.\nexpression: mrr\nquery: select 1\n", ["misplaced-key"]),
  ("title: A\nunit: money\ndefinition: A.\nexpression: mrr\ndimension: plan\n", ["misplaced-key"]),
  ("title: A\nunit: money\ndefinition: A.\nquery: select 1\ndimension: colour\n", ["unknown-segment"]),
])
func anOwnMetricSaysWhatItIsAndHowItIsComputed(_ text: String, _ expected: [String]) throws {
  let found = try names("Config/metrics/mine.yml", text)
  #expect(found.map { $0.split(separator: " ").last.map(String.init) ?? "" } == expected, "\(found)")
}

@Test func anOwnMetricsFileBearsAName() throws {
  let text = "title: A\nunit: money\ndefinition: A.\nexpression: mrr\n"
  #expect(
    try names("Config/metrics/My-Metric.yml", text).map { $0.split(separator: " ").last } == ["bad-name"])
}

@Test func aSegmentNameThatTablesCannotCarryIsTold() throws {
  #expect(
    try names(segments, "segments:\n  all: {charge: plan}\n") == ["2:3 bad-name"])
}

@Test func aSegmentByAnAttributeNobodyMapsIsAWarning() throws {
  let loaded = try TemporaryProject.load([segments: "segments:\n  i: {attribute: industri}\n"])
  #expect(loaded.project != nil)
  #expect(loaded.findings.map(\.severity) == [.warning])
  #expect(loaded.findings.map(\.remedy) == ["did you mean `industry`?"])
}

@Test func aFixedRateThatIsNoDecimalIsTold() throws {
  #expect(
    try names(rates, "max_rate_age: 7\nfixed: {EUR: '1,08', EUX: 2}\n") == [
      "2:14 bad-value", "2:22 unknown-currency",
    ])
}

@Test func aPipelineOverUnknownSourcesAndReportsIsTold() throws {
  let text = "sources: [biling]\nreports: [executive_sumary]\ndeliver: {folder: ../out}\n"
  #expect(
    try names("Pipelines/nightly.yml", text) == [
      "1:11 unknown-source", "2:11 unknown-report", "3:19 bad-path",
    ])
}

@Test func aReportOverUnknownSegmentsAndTemplatesIsTold() throws {
  let text =
    "formats: [html, doc]\ntemplates: {html: mine.mustache}\nsections: [{kind: bridge, show: segments, dimensions: [country]}]\n"
  #expect(
    try names("Reports/mine.yml", text) == [
      "1:17 bad-value", "2:19 unknown-template", "3:56 unknown-segment",
    ])
}

@Test func aSourceThatSaysNothingOfItsColumnsIsTold() throws {
  #expect(
    try faults(billing, "files: a.csv\n") == [
      "1:1 missing-key: the source says neither `preset` nor `entities`: what its columns mean"
    ])
}

@Test(arguments: [
  "\u{FEFF}name: Acme\nreporting_currency: USD\n", "name: Acme\r\nreporting_currency: USD\r\n",
])
func aFileWrittenOnWindowsIsRead(text: String) throws {
  let loaded = try TemporaryProject.load([company: text])
  #expect(loaded.findings == [])
  #expect(loaded.project?.company.name == "Acme")
}

@Test func anAliasStandsForWhatItsAnchorSays() throws {
  let text = "segments:\n  plan: &it {charge: plan}\n  again: *it\n"
  let loaded = try TemporaryProject.load([segments: text])
  #expect(loaded.findings == [])
  #expect(loaded.project?.dimensions.map(\.rule) == [.plan, .plan])
}

@Test func bandsAreOfEmployeesRevenueOrUse() throws {
  let text =
    "segments:\n  a: {band: employees, bounds: [5]}\n  b: {band: arr, bounds: [6, 7]}\n  c: {band: usage, bounds: [1, 50]}\n"
  let loaded = try TemporaryProject.load([segments: text])
  // Nothing feeds the first and the last.
  #expect(loaded.findings.compactMap { $0.place?.line } == [2, 4])
  #expect(loaded.findings.allSatisfy { $0.name == "unknown-attribute" })
  #expect(loaded.project?.dimensions.map(\.rule) == [.employees([5]), .arr([6, 7]), .usage([1, 50])])
}

@Test func aFileOfCommentsAloneIsNoSource() throws {
  let loaded = try TemporaryProject.load(["Config/sources/later.yml": "# files: x.csv\n"])
  #expect(loaded.findings == [])
  #expect(loaded.project?.sources.map(\.name) == ["billing"])
}

@Test func aCompanysSettingsAreRead() throws {
  let text = """
    name: Nordwind
    reporting_currency: EUR
    time_zone: Europe/Berlin
    fiscal_year_starts: October
    output: out
    cac_lag: 2
    attribute_sources: billing
    """
  let company = try #require(TemporaryProject.load([company: text]).project?.company)
  #expect(company.currency == Currency("EUR"))
  #expect(company.zone.name == "Europe/Berlin")
  #expect(company.fiscalYearStart == 10)
  #expect(company.warehouse == "out/warehouse.sqlite")
  #expect(company.cacLag == 2)
  #expect(company.attributeSources == ["billing"])
}
