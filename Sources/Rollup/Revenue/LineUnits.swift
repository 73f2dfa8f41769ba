import Model

/// Says of billed lines with what they are balanced.
struct LineUnits {
  let contracts: ContractSteps
  let currencies: [Currency]

  func revenueLine(
    _ net: Int64, _ currency: Int32, _ issued: Day, _ start: Day?, _ end: Day?, contract: Int32,
    subscription: Int32, customer: Int32, invoice: Int32, isRecurring: Bool = true
  ) -> RevenueLine {
    var service: Range<Day>?
    if let start, let end, start < end { service = start..<end }
    let firstDay = start ?? issued
    let named = contract >= 0 ? contracts.roots[Int(contract)] : -1
    let unit: RevenueUnit
    if named >= 0 {
      unit = .contract(named)
    } else if isRecurring, customer >= 0, let only = contracts.only(of: customer, on: firstDay) {
      // Usage, one-time work and fees would be billed under it and never be earned.
      unit = .contract(only)
    } else if subscription >= 0 {
      unit = .subscription(subscription)
    } else {
      unit = customer >= 0 ? .customer(customer) : .invoice(invoice)
    }
    var isOfContract = false
    if case .contract = unit { isOfContract = true }
    return RevenueLine(
      unit: unit, currency: currencies[Int(currency)], net: net, issued: issued, service: service,
      isOfContract: isOfContract)
  }
}
