import Model

/// The bytes of one field, of a constant or of a composed template.
typealias FieldBytes = UnsafeBufferPointer<UInt8>

/// Why a field could not be read. Small, because it is returned for every cell; the sentence is made when
/// needed.
enum FieldFault: UInt8, Sendable {
  case none
  case missing, rounded
  case notANumber, misplacedSeparator, exponentNotation, notFinite, tooPrecise, tooLarge
  case notWhole, negative, notPositive
  case badDate, impossibleDate, dateOutOfRange, startTooEarly
  case badFlag, unknownChoice, unmapped, refused
  case unknownCurrency, currencyMissing, currencyConflict
  case endBeforeStart, tooLong
  case noCustomer, noStart, noAmount, noInterval, noCurrency

  var name: NormalizeFinding {
    switch self {
    case .none, .missing, .currencyMissing, .noCustomer, .noStart, .noAmount, .noInterval, .noCurrency:
      .missingValue
    case .notANumber, .misplacedSeparator, .exponentNotation, .notFinite: .badNumber
    case .rounded: .roundedId
    case .tooPrecise: .tooPrecise
    case .tooLarge: .tooLarge
    case .notWhole: .notWhole
    case .negative, .notPositive: .negativeValue
    case .badDate: .badDate
    case .impossibleDate: .impossibleDate
    case .dateOutOfRange, .startTooEarly: .dateOutOfRange
    case .badFlag: .badFlag
    case .unknownChoice: .unknownChoice
    case .unmapped: .unmappedValue
    case .refused: .refusedValue
    case .unknownCurrency: .unknownCurrency
    case .currencyConflict: .currencyConflict
    case .endBeforeStart: .endBeforeStart
    case .tooLong: .textTooLong
    }
  }
}

/// What reading one field gave: a cell of ``EntityBatch``, or a fault.
struct ParsedCell {
  var value: Int64
  var fault: FieldFault

  @inline(__always) init(_ value: Int64) {
    self.value = value
    fault = .none
  }

  @inline(__always) init(_ fault: FieldFault) {
    value = EntityColumn.null
    self.fault = fault
  }
}
