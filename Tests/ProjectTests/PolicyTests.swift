import Model
import Project
import Testing

@Test func everyPresetAnswersEveryQuestionAsPublished() {
  let expected: [PolicyKey: [String]] = [
    .basis: ["subscriptions", "subscriptions", "invoices", "subscriptions", "contracts"],
    .statuses: [
      "active, past_due", "active, past_due", "active, past_due", "active, past_due", "in_force",
    ],
    .unpaid: ["churn_when_unpaid", "churn_when_unpaid", "keep", "after_days", "keep"],
    .trials: ["exclude", "exclude", "exclude", "include_priced", "exclude"],
    .discountForever: ["subtract", "subtract", "subtract", "subtract", "subtract"],
    .discountRepeating: ["subtract", "ignore", "subtract", "subtract", "spread"],
    .discountOnce: ["ignore", "ignore", "subtract", "ignore *", "spread"],
    .fullyDiscounted: ["not_customer", "not_customer", "keep_at_zero", "not_customer", "keep_at_zero *"],
    .metered: ["exclude", "exclude", "include_invoiced", "exclude *", "exclude"],
    .weekFactor: ["52/12", "52/12 *", "52/12 *", "52/12 *", "52/12 *"],
    .dayFactor: ["365/12", "365/12 *", "365/12 *", "365/12 *", "365/12 *"],
    .churnAt: ["ended", "ended", "ended", "ended", "ended"],
    .paused: ["zero", "zero", "keep", "keep *", "keep *"],
    .refunds: ["ignore", "ignore", "ignore", "ignore", "ignore"],
    .bridge: ["end_point", "event", "event", "event", "end_point"],
    .groupingMinutes: ["0", "0", "60", "0", "0"],
    .sameMonth: ["both", "both", "both", "both", "both"],
    .graceDays: ["0", "0", "0", "0", "0"],
    .reactivationWindow: ["none", "none", "none", "none", "none"],
    .customerIs: ["account", "account", "account", "account", "account"],
    .rateDate: ["month_end", "month_end *", "service_start", "month_end *", "month_end"],
    .churnWindow: ["month", "30_days", "month", "30_days", "month"],
    .churnBase: ["opening", "opening_plus_new", "without_joined_and_left", "opening", "opening"],
    .ltvChurn: ["month", "month *", "trailing_6", "month", "month *"],
    .ltvMargin: ["use", "ignore *", "ignore", "ignore", "use *"],
    .netChurnOffset: [
      "expansion", "expansion_reactivation *", "expansion_reactivation", "expansion", "expansion",
    ],
    .quickRatioReactivation: ["count", "count *", "count", "leave_out", "count *"],
    .headlineNDR: ["ndr_t12m", "ndr_t12m *", "ndr_signup_cohort", "ndr_1m", "ndr_t12m *"],
    .cmrrHorizon: ["12", "12 *", "12 *", "12 *", "12 *"],
    .unpaidDays: ["30", "30", "30", "30", "30"],
  ]
  #expect(Policy.presetNames == ["standard@1", "stripe@1", "chartmogul@1", "baremetrics@1", "salesforce@1"])
  let presets = Policy.presetNames.compactMap { Policy.preset(named: $0) }
  for key in PolicyKey.allCases {
    let answers = presets.map { $0.text(of: key) + ($0.assumed.contains(key) ? " *" : "") }
    #expect(answers == expected[key], "\(key.rawValue)")
  }
}

@Test func thePolicysStatusesAreTheWarehousesCodes() {
  #expect(Policy.Status.allCases.map(\.rawValue) == EntityColumn.subscriptionStatuses)
  #expect(Policy.Status.inForce.code == 8)
}

@Test func anOverrideChangesItsAnswerAndStandsInTheFooter() {
  let overrides = [("grace_days", "5"), ("trials", "include_priced"), ("statuses", "in_force, active")]
  let (policy, faults) = Policy.standard.applying(overrides: overrides)
  #expect(faults == [])
  #expect(policy.trials == .includePriced)
  #expect(policy.statuses == [.active, .inForce])
  #expect(
    policy.overriddenLines == ["statuses: active, in_force", "trials: include_priced", "grace_days: 5"])
}

@Test func anOverrideThatSaysWhatThePresetSaysIsNone() {
  #expect(Policy.standard.applying(overrides: [("trials", "exclude")]).policy == .standard)
}

@Test func aFactorIsExact() {
  let policy = Policy.standard.applying(overrides: [("week_factor", "30/7"), ("day_factor", "30.4")]).policy
  #expect(policy.weekFactor == ExactRate(30, 7))
  #expect(policy.dayFactor == ExactRate(304, 10))
  #expect(policy.text(of: .weekFactor) == "30/7")
}

@Test func aWrittenAnswerReadsBackAsItself() {
  for preset in Policy.presetNames.compactMap({ Policy.preset(named: $0) }) {
    for key in PolicyKey.allCases {
      let text = preset.text(of: key)
      let read = Policy.standard.applying(overrides: [(key.rawValue, text)])
      #expect(read.faults == [])
      #expect(read.policy.text(of: key) == text)
    }
  }
}

@Test func aMisspeltKeyAndAMisspeltValueAreToldWithWhatWasMeant() {
  let overrides = [
    ("trails", "exclude"), ("trials", "exlude"), ("grace_days", "five"), ("paused", "zero"),
    ("paused", "keep"),
  ]
  let faults = Policy.standard.applying(overrides: overrides).faults
  #expect(faults.map(\.index) == [0, 1, 2, 4])
  #expect(faults[0].problem == "no policy key is named `trails`")
  #expect(faults[0].remedy == "did you mean `trials`?")
  #expect(faults[1].remedy == "did you mean `exclude`? (write one of exclude, include_priced)")
  #expect(faults[2].remedy == "write a whole number from 0 to 9999")
  #expect(faults[3].problem == "policy key `paused` is given twice")
}

@Test func changesOfAWholeMonthCanBeGrouped() {
  let whole = Policy.standard.applying(overrides: [("grouping_minutes", "44700")])
  #expect(whole.faults.isEmpty)
  #expect(whole.policy.groupingMinutes == 44_700)
  let more = Policy.standard.applying(overrides: [("grouping_minutes", "44701")]).faults
  #expect(more.map(\.remedy) == ["write a whole number from 0 to 44700"])
}

@Test func everyAnswerIsSaidInAWholeSentence() {
  for preset in Policy.presetNames.compactMap({ Policy.preset(named: $0) }) {
    for key in PolicyKey.allCases { #expect(preset.sentence(of: key).hasSuffix("."), "\(key.rawValue)") }
  }
}

// MARK: Complete files

private let path = "Config/policies/ours@2.yml"

/// The file of a preset, with some of its text replaced.
private func loaded(
  _ name: String, _ change: (String) -> String = { $0 }
) throws -> LoadedProject {
  let text = change(try #require(Policy.preset(named: name)).file)
  return try TemporaryProject.load([path: text, "Config/policy.yml": "policy: ours@2\n"])
}

@Test(arguments: ["standard@1", "stripe@1", "chartmogul@1", "baremetrics@1", "salesforce@1"])
func aPresetsFileSaysThePresetUnderAnotherName(_ name: String) throws {
  let policy = try #require(try loaded(name).project?.policy)
  let preset = try #require(Policy.preset(named: name))
  #expect(policy.name == "ours@2")
  #expect(policy.overrides == [])
  #expect(policy.assumptions == preset.assumptions)
  #expect(policy.keys(differingFrom: preset) == [])
}

@Test func anIncompletePolicyIsToldQuestionByQuestion() throws {
  let found = try loaded("standard@1") { text in
    text.replacing("  paused: zero\n", with: "").replacing("  trials: exclude\n", with: "  trials: perhaps\n")
  }
  #expect(found.project == nil)
  let names = found.findings.map(\.name)
  #expect(names.contains("missing-key") && names.contains("bad-policy-value"), "\(names)")
}

@Test func anAnswerMayBeOverriddenAndIsNoAssumptionThen() throws {
  let text = try #require(Policy.preset(named: "stripe@1")).file
  let found = try TemporaryProject.load([
    path: text, "Config/policy.yml": "policy: ours@2\noverrides: {week_factor: 4.33}\n",
  ])
  let policy = try #require(found.project?.policy)
  #expect(policy.overriddenLines == ["week_factor: 433/100"])
  #expect(!policy.assumptions.contains(.weekFactor) && policy.assumptions.contains(.dayFactor))
}

@Test func aPresetsNameIsFrozen() throws {
  let frozen = "Config/policies/stripe@1.yml"
  let text = try #require(Policy.preset(named: "stripe@1")).file
  #expect(try TemporaryProject.load([frozen: text]).project?.ownPolicies == [])
  let found = try TemporaryProject.load([
    frozen: text.replacing("trials: exclude", with: "trials: include_priced")
  ])
  #expect(found.findings.map(\.name) == ["bad-name"])
}

@Test(arguments: ["ours", "ours@0", "ours@01", "Ours@1", "@1", "ours@1@2"])
func aCompletePolicyHasAVersion(_ name: String) throws {
  let text = Policy.standard.file
  let found = try TemporaryProject.load(["Config/policies/\(name).yml": text])
  #expect(found.findings.map(\.name) == ["bad-name"], "\(name)")
}
