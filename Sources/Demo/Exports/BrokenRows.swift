import Model

/// The rows that must end in quarantine: few, the same kinds at every size, well below one percent of a file.
struct BrokenRows {
  /// What is wrong with a row of the periods export.
  enum Fault: CaseIterable {
    case impossibleDate, unreadableAmount, tooFewFields, unknownCurrency, unknownInterval
  }

  let customerWithBrokenAccount: Int?
  let customerWithBrokenDeal: Int?
  private let customers: Int

  /// Small books have one broken row or none, so that its share stays small.
  var faults: [Fault] { customers < 200 ? [] : Array(Fault.allCases.prefix(customers / 400 + 1)) }

  /// The first customer after whose periods a fault may stand: evenly spread over the customers' numbers.
  func firstCustomer(ofFault position: Int) -> Int { (position + 1) * customers / (faults.count + 1) }

  /// The customers whose account's last row and whose first deal's row are broken: ones sure to have them.
  init(customers: Int, cast: Cast) {
    self.customers = customers
    customerWithBrokenAccount = customers < 1000 ? nil : cast.customer(playing: .leavesForGood)
    customerWithBrokenDeal = customers < 1000 ? nil : cast.customer(playing: .yearlyInvoice)
  }

  var hasBrokenRate: Bool { customers >= 200 }
}
