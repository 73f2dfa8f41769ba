import Model

/// The shapes of `entities:` in a source: for each entity its columns, for each column what may be said of it.
enum EntityShape {
  /// Columns that end an interval: there a mapping must say what the date written means.
  static let endColumns: Set<String> = [
    "end", "ended", "cancel_effective", "trial_end", "pause_end", "discount_end", "period_end",
  ]

  static let entities = Shape.mapping(
    noun: .entity,
    EntityKind.allCases.map { ShapeKey($0.rawValue, entity($0), "What each row says of \(noun($0)).") })

  static func entity(_ kind: EntityKind) -> Shape {
    var keys = [
      ShapeKey(
        "rows", .scalar(.oneOf(SourceConfiguration.Rows.allCases.map(\.rawValue))),
        "Whether a row is a period with its own start and end, or the state at the snapshot's instant.",
        standard: standardRows(kind).rawValue)
    ]
    for column in kind.columns {
      if column.name == "attributes" {
        keys.append(
          ShapeKey(
            column.name, .named(attributeName, field(EntityColumn.text("attribute"))),
            attributesMeaning))
      } else {
        keys.append(ShapeKey(column.name, field(column), column.meaning, isRemovable: true))
      }
    }
    return .mapping(noun: .column, keys)
  }

  static let attributesMeaning = "Free attributes by name, for segments: `{industry: Industry}`."

  /// Attributes take any name that a segment can ask for.
  private static let attributeName = ScalarKind(
    finding: .badName, expected: "an attribute's name", schema: .type("string")
  ) { !$0.isEmpty }

  static func standardRows(_ kind: EntityKind) -> SourceConfiguration.Rows {
    switch kind {
    case .recurringCharge, .invoice, .invoiceLine, .payment, .refund, .creditNote, .contract, .expense,
      .fxRate, .usageEvent, .cashBalance, .adjustment, .budget:
      .periods
    case .customer, .plan, .subscription, .opportunity: .currentState
    }
  }

  /// A plain text is a column's name; else a mapping of options.
  static func field(_ column: EntityColumn) -> Shape {
    .either(columnName, .mapping(noun: .option, options(of: column)))
  }

  static let columnName = ScalarKind(
    finding: .badValue, expected: "the name of a column", schema: .type("string")
  ) { !$0.isEmpty }

  static func options(of column: EntityColumn) -> [ShapeKey] {
    let isMoment = column.kind == .moment
    let isEnd = endColumns.contains(column.name)
    return [
      ShapeKey("column", .scalar(columnName), "The column the value stands in."),
      ShapeKey("constant", .scalar(.anyText), "The same value for every row, instead of a column."),
      ShapeKey(
        "template", .scalar(.text),
        "A text with column names in braces, instead of a column: `\"{Account}-{Month}\"`."),
      ShapeKey(
        "date", .scalar(.datePattern),
        "How the date is written: `iso`, `epoch_seconds`, `epoch_milliseconds`, or a pattern of `YYYY YY MM M MMM DD D hh mm ss Z`. `YY` is a year from 1969 to 2068, as POSIX has it.",
        standard: "the source's `dates`", misplaced: isMoment ? nil : "`\(column.name)` is no date"),
      ShapeKey(
        "bound", .scalar(.oneOf(FieldMapping.Bound.allCases.map(\.rawValue))),
        "Whether the date of an end is the first day no longer in force (`exclusive`) or the last day in force (`inclusive`). Required on ends.",
        misplaced: isEnd ? nil : "`\(column.name)` is no end"),
      ShapeKey(
        "unit", .scalar(.oneOf(FieldMapping.Unit.allCases.map(\.rawValue))),
        "Whether an amount is in the currency's major (`12.50`) or minor unit (`1250`).", standard: "major",
        misplaced: column.kind == .money ? nil : "`\(column.name)` is no amount of money"),
      ShapeKey(
        "shared", .scalar(.flag),
        "Whether the amount stands once for all rows that a document gives (`each`): each row then has a share of it, by its price times quantity.",
        standard: "false",
        misplaced: column.kind == .money && column.name != "amount"
          ? nil : "`\(column.name)` is no amount beside another"),
      ShapeKey(
        "map", .named(.anyText, .scalar(.anyText)),
        "Texts of the file and what they mean; a text that is not listed is a bad value, unless `otherwise` says what to take."
      ),
      ShapeKey("otherwise", .scalar(.anyText), "Taken for texts that `map` does not list."),
      ShapeKey(
        "refused", .list(.scalar(.anyText), single: true),
        "Columns that must have no value, since the row could not be told exactly: where one has, the row goes to quarantine. They may be missing."
      ),
      ShapeKey(
        "because", .scalar(.text),
        "What is wrong where one of `refused` has a value or `map` does not list a text, and what to do about it, in words for the finding."
      ),
      ShapeKey("default", .scalar(.anyText), "Taken when the text is missing."),
      ShapeKey(
        "missing", .list(.scalar(.anyText), single: true),
        "Texts that mean \"missing\", beside the empty field."),
      ShapeKey(
        "optional", .scalar(.flag),
        "Whether a file without the column is all right: the value is missing then.",
        standard: "false"),
    ]
  }

  private static func noun(_ kind: EntityKind) -> String {
    switch kind {
    case .customer: "a customer"
    case .plan: "a plan or price"
    case .subscription: "a subscription"
    case .recurringCharge: "a recurring charge"
    case .invoice: "an invoice"
    case .invoiceLine: "a line of an invoice"
    case .payment: "a payment"
    case .refund: "a refund"
    case .creditNote: "a credit note"
    case .contract: "a contract"
    case .opportunity: "an opportunity"
    case .expense: "an expense"
    case .fxRate: "an exchange rate"
    case .usageEvent: "a use of the product"
    case .cashBalance: "the cash on an account"
    case .adjustment: "an entry made by hand"
    case .budget: "what is planned for a metric"
    }
  }
}

extension EntityColumn {
  /// A column of plain text, for what is not in the list of columns.
  static func text(_ name: String) -> EntityColumn {
    EntityKind.customer.columns.first { $0.name == "name" } ?? EntityKind.customer.columns[0]
  }
}
