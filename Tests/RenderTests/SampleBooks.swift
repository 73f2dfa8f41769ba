import Model

extension SampleCompany {
  /// Six customers over fourteen months, by hand: every movement happens in the last one.
  static var small: SampleCompany {
    let usd = Currency("USD")!
    let eur = Currency("EUR")!
    func customer(
      _ id: Int64, _ name: String, _ country: String, _ size: String, _ plan: String, _ currency: Currency,
      _ prices: [(Int, Int64)]
    ) -> Customer {
      Customer(
        id: id, name: name, country: country, employees: size, plan: plan, currency: currency,
        prices: prices.flatMap { Array(repeating: $0.1 * 1_000_000, count: $0.0) })
    }
    return SampleCompany(
      first: Month(year: 2023, month: 1),
      customers: [
        customer(1, "Anders & Söhne", "DE", "10 to 49", "Team", eur, [(13, 1000), (1, 1400)]),
        customer(
          2, "Bright \"Labs\", Inc.", "US", "50 or more", "Business", usd, [(2, 0), (11, 2400), (1, 1800)]),
        customer(3, "Carver", "US", "0 to 9", "Team", usd, [(13, 350), (1, 0)]),
        customer(4, "Délices du Midi", "FR", "0 to 9", "Starter", eur, [(4, 90), (9, 0), (1, 95)]),
        customer(5, "Evergreen", "US", "10 to 49", "Business", usd, [(13, 0), (1, 1250)]),
        customer(6, "Fjord Data", "DE", "50 or more", "Business", eur, [(14, 500)]),
      ],
      rates: [
        eur: [
          10_700, 10_750, 10_800, 10_850, 10_900, 10_850, 10_800, 10_900, 11_000, 10_950, 10_800, 10_700,
          10_850, 10_900, 10_843,
        ]
        .map { ExactRate($0, 10_000) }
      ])
  }

  /// One customer in its first month: almost every ratio is null.
  static var firstMonth: SampleCompany {
    SampleCompany(
      name: "Day One", first: Month(year: 2024, month: 2),
      customers: [
        Customer(
          id: 1, name: "First Customer", country: "US", employees: "0 to 9", plan: "Team",
          currency: Currency("USD")!,
          prices: [49_500_000])
      ], rates: [:])
  }

  /// Names and ids that try to break out of every format, all of them new in the last month.
  static var hostileNames: SampleCompany {
    let names = [
      "<script>alert(1)</script>", "=cmd|'/C calc'!A0", "+1 | pipe", "-2+3", "@SUM(A1)", "# Heading",
      "* item *",
      "`code` ```", "[link](javascript:alert(1))", "![image](http://evil.example/x.png)",
      "two\nlines\r\nand three",
      "\ttab", "שלום עולם", "\u{202E}desrever", "https://evil.example", "user@evil.example",
      "{{title}} {{{driver}}}",
      "\" onmouseover=\"alert(1)", "</style><b>", "&lt;b&gt; &amp;", "$x$ ~~gone~~ _it_", "",
      String(repeating: "long ", count: 40),
      "11-50", "250+", "007", "24/7", "1e5", "12:30", "1.234", "7-Eleven", "Müller & Söhne 株式会社",
    ]
    return SampleCompany(
      name: "<b>Evil</b> | Corp", first: Month(year: 2024, month: 1),
      customers: names.enumerated().map { number, name in
        Customer(
          id: Int64(number + 1), name: name, country: number % 2 == 0 ? "=A|1" : "<i>", employees: "0 to 9",
          plan: "`plan`", currency: Currency("USD")!, prices: [0, Int64(1000 - number) * 1_000_000])
      }, rates: [:], naturalID: { $0.name })
  }

  /// Some hundreds of customers over forty months, from a seed.
  static func large(customers: Int = 700, months: Int = 40, seed: UInt64 = 7) -> SampleCompany {
    var random = SeededRandom(seed: seed)
    let currencies = [Currency("USD")!, Currency("USD")!, Currency("EUR")!, Currency("GBP")!]
    let countries = [
      "US", "US", "US", "DE", "DE", "GB", "FR", "NL", "CA", "AU", "SE", "ES", "IT", "BR", "JP", "CH", "AT",
      "DK", "NO",
      "FI", "PL", "IE", "BE", "PT", "CZ", "SG", "NZ", "MX", "IN", "(none)",
    ]
    let starts = [
      "Blue", "North", "Quick", "Silver", "Green", "Iron", "Clear", "Bright", "Open", "First", "Grand",
      "Lake",
    ]
    let ends = [
      "field", "port", "works", "labs", "bridge", "stone", "line", "cloud", "soft", "metrics", "light",
      "gate",
    ]
    let forms = ["Inc.", "GmbH", "Ltd", "AG", "S.A.", "B.V.", "LLC", "AB", "Group", "Partners"]
    let sizes: [(String, String, Int64)] = [
      ("0 to 9", "Starter", 60), ("10 to 49", "Team", 300), ("50 to 249", "Business", 1400),
      ("250 or more", "Enterprise", 5200),
    ]
    var all: [Customer] = []
    for id in 1...customers {
      let size = sizes[min(3, random.below(10) / 3 + (random.below(12) == 0 ? 1 : 0))]
      let start = random.below(months + 12) - 12
      var price = size.2 * Int64(60 + random.below(120)) / 100 * 1_000_000
      var prices = [Int64](repeating: 0, count: months)
      var active = true
      for month in max(0, start)..<max(months, start) {
        if active, random.below(70) == 0 {
          active = false
        } else if !active, random.below(25) == 0 {
          active = true
        }
        if random.below(18) == 0 { price = price * Int64(104 + random.below(40)) / 100 }
        if random.below(45) == 0 { price = price * Int64(60 + random.below(35)) / 100 }
        prices[month] = active ? price : 0
      }
      let name = "\(random.pick(starts))\(random.pick(ends)) \(random.pick(forms))"
      all.append(
        Customer(
          id: Int64(id), name: name, country: random.pick(countries), employees: size.0, plan: size.1,
          currency: random.pick(currencies), prices: prices))
    }
    func walk(_ from: Int64) -> [ExactRate] {
      var rate = from
      return (0...months).map { _ in
        rate += Int64(random.below(301)) - 150
        return ExactRate(rate, 10_000)
      }
    }
    return SampleCompany(
      first: Month(year: 2020, month: 11), customers: all,
      rates: [Currency("EUR")!: walk(11_200), Currency("GBP")!: walk(13_100)])
  }
}

/// The same numbers on every machine (SplitMix64).
struct SeededRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
