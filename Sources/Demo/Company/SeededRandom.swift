/// SplitMix64: the demo company's only source of chance, the same on every machine.
struct SeededRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A generator of its own for one thing (a customer, a currency's rates), so that no draw depends on another's number of draws.
  init(seed: UInt64, stream: UInt64) {
    state = Self.scrambled(seed &+ Self.scrambled(stream &+ 0x632B_E59B_D9B4_E019))
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.finish(state)
  }

  /// 0 ..< bound.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(1, bound))).high)
  }

  /// low ... high.
  mutating func within(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

  mutating func chance(perMille share: Int) -> Bool { below(1000) < share }

  /// The position in `weights` that one weighted draw hits.
  mutating func pick(_ weights: [Int]) -> Int {
    var rest = below(weights.reduce(0, +))
    for (position, weight) in weights.enumerated() {
      if rest < weight { return position }
      rest -= weight
    }
    return weights.count - 1
  }

  mutating func element<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// `median` times a log-normal factor (standard deviation 1.15 of the logarithm), from a table, in whole numbers.
  mutating func logNormal(median: Int) -> Int {
    let draw = next()
    let position = Int(draw >> 58)
    let low = Self.logNormalPerMille[position]
    let high = Self.logNormalPerMille[min(position + 1, Self.logNormalPerMille.count - 1)]
    let between = low + (high - low) * Int(draw & 1023) / 1024
    return median * between / 1000
  }

  /// A bijection on 64 bits: different inputs never collide, so it also makes ids.
  static func scrambled(_ number: UInt64) -> UInt64 { finish(number &+ 0x9E37_79B9_7F4A_7C15) }

  private static func finish(_ number: UInt64) -> UInt64 {
    var mixed = number
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 1000 exp(1.15 z) at the 64 mid-quantiles of the normal distribution.
  private static let logNormalPerMille = [
    62, 102, 132, 159, 184, 208, 231, 255, 278, 301, 325, 349, 373, 397, 422, 447, 473, 500, 528, 556, 585,
    614,
    645, 677, 710, 744, 779, 816, 854, 893, 935, 978, 1023, 1070, 1119, 1171, 1226, 1284, 1344, 1409, 1477,
    1550,
    1628, 1711, 1800, 1896, 1999, 2112, 2235, 2370, 2518, 2684, 2869, 3079, 3319, 3597, 3926, 4322, 4812,
    5444,
    6304, 7583, 9831, 16122,
  ]
}
