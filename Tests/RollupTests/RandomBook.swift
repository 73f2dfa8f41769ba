import Model

extension Policy {
  /// Answers on which the bridges differ.
  static func random(_ chance: inout Chance) -> Policy {
    var policy = Policy.standard
    policy.groupingMinutes = [0, 0, 60, 1440, 10_000][chance.below(5)]
    policy.sameMonth = chance.below(3) == 0 ? .ignore : .both
    policy.graceDays = [0, 0, 1, 5][chance.below(4)]
    policy.reactivationWindow = [nil, nil, 30][chance.below(3)]
    policy.fullyDiscounted = chance.below(3) == 0 ? .keepAtZero : .notCustomer
    policy.rateDate = chance.below(4) == 0 ? .serviceStart : .monthEnd
    return policy
  }
}

extension TestBook {
  static let dimensions = [
    Dimension(name: "country", rule: .attribute("country")), Dimension(name: "arr", rule: .arr([500, 2000])),
    Dimension(name: "plan", rule: .plan), Dimension(name: "currency", rule: .currency),
  ]
  /// Clocks go back and forward, and the day starts in the evening in UTC.
  static let zone = ReportingZone(
    name: "Europe/Berlin", firstOffset: 3600,
    transitions: [(at: 1_679_792_400, offset: 7200), (at: 1_698_541_200, offset: 3600)])

  /// Six customers with charges that start, end, overlap and return, in two currencies, by the day or by the minute.
  static func random(_ chance: inout Chance) -> TestBook {
    var book = TestBook()
    let first = Day(iso: "2023-01-01")!
    for offset in -40..<400 {
      book.rate((first + offset).description, "EUR", "1.\(10 + (offset + 40) * 7 % 80)")
    }
    func moment(_ day: Int, _ chance: inout Chance) -> String {
      let date = (first + day).description
      guard chance.below(2) == 0 else { return date }
      let hour = [0, 10, 21, 22, 23][chance.below(5)]
      return date + "T\(hour < 10 ? "0" : "")\(hour):\(["00", "30", "59"][chance.below(3)]):00Z"
    }
    for number in 0..<6 {
      let name = "c\(number)"
      let customer = Int(book.customer(name, country: ["DE", "FR"][chance.below(2)]))
      if chance.below(2) == 0 {
        book.book.customers[customer].states.append(
          Book.CustomerState(
            from: Moment(day: first + chance.below(330)), country: "US", employees: nil, attributes: [:]))
      }
      var day = chance.below(200)
      for _ in 0..<(1 + chance.below(9)) {
        let length = [0, 0, 1, 2, 9, 27, 40, 100][chance.below(8)]
        let (start, end) = (moment(day, &chance), moment(day + length, &chance))
        let isLast = chance.below(9) == 0
        book.charge(
          name, [0, 10, 49.5, 100, 33.333333][chance.below(5)], start, isLast ? nil : end,
          currency: ["USD", "EUR"][chance.below(2)], plan: ["small", "large", "addon"][chance.below(3)])
        day = max(0, day + length + [0, 0, 0, 1, -2, 3, 20][chance.below(7)])
      }
    }
    book.addOperations(Chance(state: chance.state ^ 0xABCD), first)
    return book
  }

  /// Uses, subscriptions with trials and reasons for leaving, from a chance of its own.
  private mutating func addOperations(_ own: Chance, _ first: Day) {
    var chance = own
    book.fed.formUnion([.usageEvent, .subscription])
    for _ in 0..<80 {
      use(
        "c\(chance.below(7))", ["ann", "bob", nil][chance.below(3)], (first + chance.below(330)).description)
    }
    for index in book.charges.indices where chance.below(2) == 0 {
      var state = Book.SubscriptionState()
      if chance.below(2) == 0 {
        state.trialEnd = Moment(day: first + chance.below(330))
        if chance.below(4) > 0 { state.started = Moment(day: first + chance.below(330)) }
      }
      state.cancelReason = ["price", "gone", nil][chance.below(3)]
      book.charges[index].subscription = Int32(book.subscriptions.count)
      book.subscriptions.append(
        Book.Subscription(
          id: Int64(book.subscriptions.count + 1), customer: book.charges[index].customer, states: [state]))
    }
  }
}

/// SplitMix64: the same numbers on every machine.
struct Chance {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
