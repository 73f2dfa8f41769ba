import Foundation
import Model
import Testing

@testable import Demo

private func month(_ year: Int, _ month: Int) -> Month { Month(year: year, month: month) }

/// One company for all of these, read back from its files.
private let written = Result { try WrittenCompany(customers: 200, seed: 11) }
private let readBack = Result { try ReadBack(written.get()) }

/// Monthly MRR in hundredths (yen: whole) of the first customer with the trap, in the given system.
private func hundredths(_ trap: Trap, _ system: String, _ months: [Month]) throws -> [Int64] {
  let traps = try written.get().company.traps
  let customer = try #require(traps.first { $0.trap == trap && $0.system == system })
  let read = try readBack.get()
  let history = read.history(customer.customer)
  return months.map { history[$0 - read.months[0]] / 10_000 }
}

@Test(arguments: [UInt64(1), 2, 3, 99])
func everyTrapHasItsCustomersFromTwoHundredOn(seed: UInt64) throws {
  let written = try WrittenCompany(customers: 200, months: 33, seed: seed)
  #expect(Set(written.company.traps.map(\.trap)) == Set(Trap.allCases))
  let billing = Set(
    try written.table("exports/billing/periods_2026-10-31.csv").map { $0["customer_id", default: ""] })
  let stripe = Set(try written.table("exports/stripe/customers_2026-10-31.csv").map { $0["id", default: ""] })
  for entry in written.company.traps {
    #expect((entry.system == "billing" ? billing : stripe).contains(entry.customer), "seed \(seed): \(entry)")
  }
  let manifest = try written.table("traps.csv").map { $0["customer_id", default: ""] }
  #expect(manifest == written.company.traps.map(\.customer))
}

@Test(arguments: ["billing", "stripe"])
func aCustomerComesBackAfterLeaving(system: String) throws {
  let months = [month(2025, 7), month(2025, 8), month(2025, 12), month(2026, 1)]
  #expect(try hundredths(.returnsAfterLeaving, system, months) == [19_200, 0, 0, 14_400])
}

@Test(arguments: ["billing", "stripe"])
func whoStartsAndLeavesInOneMonthIsSeenAtNoMonthEnd(system: String) throws {
  let all = try readBack.get().months
  #expect(try hundredths(.signUpAndLeaveInOneMonth, system, all).allSatisfy { $0 == 0 })
}

@Test(arguments: ["billing", "stripe"])
func cancellingOneOfTwoSubscriptionsLeavesTheOther(system: String) throws {
  #expect(
    try hundredths(.cancelsOneOfTwo, system, [month(2026, 4), month(2026, 5)])
      == [14 * 2400 + 14 * 900, 14 * 2400])
}

@Test func aRenewalTwoDaysLateLeavesAGapAtOneMonthEnd() throws {
  let months = [month(2026, 4), month(2026, 5), month(2026, 6)]
  #expect(try hundredths(.renewalTwoDaysLate, "billing", months) == [22 * 2000, 0, 22 * 2000])
}

@Test(arguments: ["billing", "stripe"])
func aSwapOnTheLastDayDecidesThatMonth(system: String) throws {
  #expect(
    try hundredths(.swapOnLastDay, system, [month(2026, 3), month(2026, 4)]) == [15 * 2400, 15 * 4200])
}

@Test(arguments: ["billing", "stripe"])
func theLeapDaysMonthCountsAlready(system: String) throws {
  #expect(try hundredths(.leapDay, system, [month(2024, 1), month(2024, 2)]) == [0, 20_000])
}

@Test func lateEveningsBelongToTheOldMonthThoughTheirInstantsDoNot() throws {
  #expect(try hundredths(.lateEveningStart, "stripe", [month(2025, 12), month(2026, 1)]) == [0, 7 * 2400])
  #expect(try hundredths(.lateEveningEnd, "stripe", [month(2026, 6), month(2026, 7)]) == [11 * 2400, 0])
  let company = try written.get()
  let rows = try company.table("exports/stripe/subscriptions_2026-10-31.csv")
  for (trap, column, nextMonth) in [
    (Trap.lateEveningStart, "start_date", month(2026, 2)), (.lateEveningEnd, "ended_at", month(2026, 8)),
  ] {
    let customer = company.company.traps.first { $0.trap == trap }?.customer
    let row = try #require(rows.first { $0["customer_id"] == customer })
    let instant = try #require(Int64(row[column, default: ""]))
    #expect(ReportingZone.utc.day(ofInstant: instant) == nextMonth.firstDay)
  }
}

@Test(arguments: ["billing", "stripe"])
func whoEndsOnTheFirstWasThereTheMonthBefore(system: String) throws {
  let values = try hundredths(.endsOnTheFirst, system, [month(2026, 4), month(2026, 5)])
  #expect(values[0] > 0 && values[1] == 0)
}

@Test(arguments: ["billing", "stripe"])
func intervalsAreScaledToAMonth(system: String) throws {
  #expect(try hundredths(.weeklyPrice, system, [month(2026, 10)]) == [7 * 300 * 52 / 12])
  #expect(try hundredths(.twoYearlyPrice, system, [month(2026, 10)]) == [35 * 79_800 / 24])
}

@Test(arguments: ["billing", "stripe"])
func discountsCountAsTheirDurationSays(system: String) throws {
  let months = [month(2026, 1), month(2026, 4)]
  let full: Int64 = 13 * 2400
  #expect(try hundredths(.percentForever, system, months) == [full * 8250 / 10_000, full * 8250 / 10_000])
  #expect(try hundredths(.amountForever, system, months) == [full - 2500, full - 2500])
  #expect(try hundredths(.percentRepeating, system, months) == [full * 6667 / 10_000, full])
  #expect(try hundredths(.amountRepeating, system, months) == [full - 4000, full])
  #expect(try hundredths(.percentOnce, system, months) == [full, full])
  #expect(try hundredths(.fullyDiscounted, system, months) == [0, 0])
}

@Test(arguments: ["billing", "stripe"])
func trialsAndPausesAreWorthNothing(system: String) throws {
  let months = [month(2025, 11), month(2025, 12)]
  #expect(try hundredths(.trialConverts, system, months) == [0, 9 * 2400])
  #expect(try hundredths(.trialLapses, system, months) == [0, 0])
  let paused = [month(2025, 12), month(2026, 1), month(2026, 2), month(2026, 3)]
  let values = try hundredths(.pause, system, paused)
  #expect(values.map { $0 > 0 } == [true, false, false, true])
}

@Test func theWorkedExampleOfYearlyAndMonthlySeatsIsThere() throws {
  let months = [month(2025, 5), month(2025, 7), month(2025, 11), month(2026, 3), month(2026, 7)]
  #expect(try hundredths(.yearlySeatsThenMonthly, "billing", months) == [16_666, 22_666, 16_666, 0, 15_000])
}

@Test func whatCannotBeReadTonightKeepsItsLastGoodState() throws {
  #expect(
    try hundredths(.quarantinedTonight, "stripe", [month(2026, 9), month(2026, 10)])
      == [16 * 4200, 16 * 4200])
  let rows = try written.get().table("exports/stripe/subscriptions_2026-10-31.csv")
  #expect(rows.filter { $0["quantity"] == "#REF!" }.count == 1)
}

@Test func aVanishedSubscriptionIsMissingNotCanceled() throws {
  let company = try written.get()
  let customer = company.company.traps.first { $0.trap == .vanishesFromSnapshots }?.customer
  let counts = try ["2026-05-31", "2026-06-30"].map { day in
    try company.table("exports/stripe/subscriptions_\(day).csv").filter { $0["customer_id"] == customer }
      .count
  }
  #expect(counts == [1, 0])
}

@Test func anEarlierMonthEndCarriesTheOldPrice() throws {
  for system in ["billing", "stripe"] {
    #expect(
      try hundredths(.priceRise, system, [month(2025, 8), month(2025, 9)]) == [15 * 2400, 15 * 2616])
  }
}

@Test func awkwardNamesSurviveTheFormat() throws {
  let company = try written.get()
  let names = Set(
    try company.table("exports/salesforce/accounts_2026-10-31.csv").map { $0["Account Name", default: ""] })
  for name in CompanyName.awkward { #expect(names.contains(name)) }
}
