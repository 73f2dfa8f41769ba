extension EntityColumn {
  /// What a customer or a subscription is given off all charges that are its own.
  static let coveringDiscount: [EntityColumn] = [
    .init(
      "discount_amount", .money,
      "Taken off what is billed together in one interval, shared out over the charges in proportion to their value."
    ),
    .init("discount_percent", .millionths, "Percentage taken off each of its charges."),
    .init(
      "discount_currency", .text, "ISO 4217 code of `discount_amount`; that of the charges when missing."),
    .init(
      "discount_duration", .choice(discountDurations), "How long the discount holds; forever when missing."),
    .init("discount_start", .moment, "Since when the discount holds; always when missing."),
    .init("discount_end", .moment, "When a repeating discount stops (exclusive)."),
  ]
}

extension EntityKind {
  /// The column that says which currency the entity's amounts are in.
  public var currencyColumn: String {
    switch self {
    case .customer, .subscription: "discount_currency"
    default: "currency"
    }
  }
}
