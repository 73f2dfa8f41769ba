import Model

/// The sums as bytes: integers in as many bytes as they need, runs of zeros as one.
extension RollupSums {
  var bytes: [UInt8] {
    var writer = IntegerWriter()
    writer.add(terms)
    for value in [
      Int64(first.number), Int64(last.number), startingFirst, faults.negativeCharges, faults.excessDiscounts,
      faults.trialsWithoutStart, bound, firstUse.map { Int64($0.number) } ?? .min,
    ] {
      writer.add(value)
    }
    writer.add(Int64(rates.count))
    for (currency, rates) in rates.sorted(by: { $0.key < $1.key }) {
      writer.add(Int64(currency.packed))
      writer.add(rates.map { $0?.numerator ?? 0 })
      writer.add(rates.map { $0?.denominator ?? 0 })
      writer.add(needed[currency] ?? [])
      writer.add(publishedRates[currency] ?? 0)
    }
    writer.add(Int64(segments.count))
    for (key, sums) in segments.sorted(by: { $0.key < $1.key }) {
      writer.add(key.dimension)
      writer.add(key.segment)
      writer.add(sums)
    }
    writer.add(faults.discounts.counts)
    writer.add(faults.billing.counts)
    writer.add(revenue)
    return writer.bytes
  }

  /// nil for bytes that no program of this version wrote.
  init?(bytes: [UInt8]) {
    var reader = IntegerReader(bytes)
    guard let terms = reader.text(), let numbers = reader.integers(8), let currencies = reader.count() else {
      return nil
    }
    var rates: [Currency: [ExactRate?]] = [:]
    var needed: [Currency: [Int64]] = [:]
    var published: [Currency: Int64] = [:]
    for _ in 0..<currencies {
      guard let packed = reader.integer().flatMap(UInt32.init(exactly:)), let tops = reader.list(),
        let bottoms = reader.list(), tops.count == bottoms.count, let counts = reader.list(),
        let digest = reader.integer()
      else { return nil }
      let currency = Currency(packed: packed)
      rates[currency] = zip(tops, bottoms).map { $1 > 0 ? ExactRate($0, $1) : nil }
      needed[currency] = counts
      published[currency] = digest
    }
    guard let count = reader.count() else { return nil }
    var segments: [SegmentKey: [Int64]] = [:]
    for _ in 0..<count {
      guard let dimension = reader.text(), let segment = reader.text(), let sums = reader.list() else {
        return nil
      }
      segments[SegmentKey(dimension, segment)] = sums
    }
    var faults = CountingFaults(
      negativeCharges: numbers[3], excessDiscounts: numbers[4], trialsWithoutStart: numbers[5])
    var revenue: RevenueSums?
    guard let discounts = reader.list(), discounts.count == faults.discounts.counts.count,
      let billing = reader.list(), billing.count == faults.billing.counts.count,
      reader.read(&revenue), reader.isAtEnd
    else { return nil }
    faults.discounts.counts = discounts
    faults.billing.counts = billing
    self.init(
      terms: terms, first: Month(number: Int32(clamping: numbers[0])),
      last: Month(number: Int32(clamping: numbers[1])), startingFirst: numbers[2],
      firstUse: numbers[7] == .min ? nil : Month(number: Int32(clamping: numbers[7])), faults: faults,
      bound: numbers[6], rates: rates, needed: needed, publishedRates: published, segments: segments,
      revenue: revenue)
  }
}

/// Writes integers in groups of seven bits, small ones of either sign in one byte.
private struct IntegerWriter {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ value: Int64) {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ text: String) {
    add(Int64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Its length, then its values; a zero is followed by the number of zeros after it.
  mutating func add(_ list: [Int64]) {
    add(Int64(list.count))
    var index = 0
    while index < list.count {
      add(list[index])
      index += 1
      guard list[index - 1] == 0 else { continue }
      let start = index
      while index < list.count, list[index] == 0 { index += 1 }
      add(Int64(index - start))
    }
  }
}

extension IntegerWriter {
  /// The number of months and the first of them, the amounts by currency, and the rest; of none the number 0.
  fileprivate mutating func add(_ revenue: RevenueSums?) {
    guard let revenue else { return add(0) }
    add(Int64(revenue.months.count))
    add(Int64(revenue.months.lowerBound))
    add(revenue.otherIntegers)
    let currencies = revenue.currencies
    add(Int64(currencies.count))
    for currency in currencies {
      add(Int64(currency.packed))
      add(revenue.integers(of: currency))
    }
  }
}

extension IntegerReader {
  /// False for bytes that say no such sums.
  fileprivate mutating func read(_ revenue: inout RevenueSums?) -> Bool {
    guard let count = integer(), count >= 0, count < 1 << 16 else { return false }
    if count == 0 { return true }
    guard let first = integer().flatMap(Int32.init(exactly:)), let others = list() else { return false }
    var sums = RevenueSums(months: Int(first)..<Int(first) + Int(count))
    guard sums.set(others: others), let currencies = self.count() else { return false }
    for _ in 0..<currencies {
      guard let packed = integer().flatMap(UInt32.init(exactly:)), let amounts = list(),
        sums.set(amounts, of: Currency(packed: packed))
      else { return false }
    }
    revenue = sums
    return true
  }
}

/// Reads what ``IntegerWriter`` wrote; nil wherever the bytes end too early or say what cannot be.
private struct IntegerReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func integer() -> Int64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
    }
    return nil
  }

  mutating func integers(_ count: Int) -> [Int64]? {
    var values: [Int64] = []
    for _ in 0..<count {
      guard let value = integer() else { return nil }
      values.append(value)
    }
    return values
  }

  /// A number of things that follow, each of at least one byte.
  mutating func count() -> Int? {
    guard let value = integer(), value >= 0, value <= bytes.count - place else { return nil }
    return Int(value)
  }

  mutating func text() -> String? {
    guard let length = count() else { return nil }
    defer { place += length }
    return String(decoding: bytes[place..<place + length], as: UTF8.self)
  }

  mutating func list() -> [Int64]? {
    guard let length = integer(), length >= 0, length < 1 << 32 else { return nil }
    var values: [Int64] = []
    values.reserveCapacity(Int(length))
    while values.count < length {
      guard let value = integer() else { return nil }
      values.append(value)
      guard value == 0 else { continue }
      guard let more = integer(), more >= 0, more <= length - Int64(values.count) else { return nil }
      values.append(contentsOf: repeatElement(0, count: Int(more)))
    }
    return values
  }
}
