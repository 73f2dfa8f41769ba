/// Columns of the documents a billing system writes, and of contracts: read, checked and stored with their history.
extension EntityColumn {
  public static let paymentStatuses = ["pending", "succeeded", "failed", "canceled"]
  public static let creditNoteStatuses = ["issued", "void"]
  public static let contractStatuses = ["draft", "in_force", "expired", "canceled"]

  static let invoice: [EntityColumn] = [
    .init("number", .text, "The number it bears."),
    .init("customer", .text, "Natural id of the customer."),
    .init("subscription", .text, "Natural id of the subscription billed."),
    .init(
      "status", .choice(invoiceStatuses),
      "State of the invoice. It alone says whether the invoice counts; without one it is open."),
    .init("issued", .moment, "When it was issued."), .init("due", .moment, "When it is to be paid."),
    .init("period_start", .moment, "First moment of the service it is for."),
    .init("period_end", .moment, "First moment after the service it is for (exclusive)."),
    .init("subtotal", .money, "Sum of its lines, without tax and before discounts of the whole invoice."),
    .init("discount", .money, "Discounts of the whole invoice, but for those its lines say themselves."),
    .init("tax", .money, "Tax on top."),
    .init("total", .money, required: true, "What is to be paid in the end."),
    .init(
      "paid_amount", .money,
      "What has been paid of it. It is kept, and no figure is made of it: what is owed is the total less payments and credit notes, until `paid`."
    ),
    .init("currency", .text, required: true, "ISO 4217 code."),
    .init("paid", .moment, "When it was paid in full."),
    .init(
      "voided", .moment,
      "When it was voided. It is kept, and takes nothing away: where `status` is not void, a finding says so."
    ),
    .init("contract", .text, "Natural id of the contract billed."),
  ]

  static let payment: [EntityColumn] = [
    .init("customer", .text, "Natural id of the customer."),
    .init("invoice", .text, "Natural id of the invoice paid."),
    .init("amount", .money, required: true, "The amount, positive."),
    .init("currency", .text, required: true, "ISO 4217 code."),
    .init("status", .choice(paymentStatuses), required: true, "What became of it."),
    .init("created", .moment, "When it was tried."),
    .init("failure_code", .text, "Why it failed, as the payment system says."),
    .init("attempt", .integer, "Which try for its invoice it was, from 1."),
  ]

  static let refund: [EntityColumn] = [
    .init("payment", .text, "Natural id of the payment given back."),
    .init("invoice", .text, "Natural id of the invoice it belongs to."),
    .init("customer", .text, "Natural id of the customer."),
    .init("amount", .money, required: true, "The amount given back, positive."),
    .init("currency", .text, required: true, "ISO 4217 code."),
    .init("status", .choice(paymentStatuses), "What became of it; succeeded when missing."),
    .init("created", .moment, "When it was given back."), .init("reason", .text, "Why."),
  ]

  static let creditNote: [EntityColumn] = [
    .init("number", .text, "The number it bears."),
    .init("invoice", .text, "Natural id of the invoice it takes from."),
    .init("customer", .text, "Natural id of the customer."),
    .init("amount", .money, required: true, "The amount credited, without tax, positive."),
    .init("tax", .money, "Tax credited on top."),
    .init("currency", .text, required: true, "ISO 4217 code."),
    .init("status", .choice(creditNoteStatuses), "State of the credit note; issued when missing."),
    .init("issued", .moment, "When it was issued."),
    .init(
      "voided", .moment,
      "When it was voided. It is kept, and takes nothing away: where `status` is not void, a finding says so."
    ),
    .init("reason", .text, "Why."),
  ]

  static let contract: [EntityColumn] = [
    .init("number", .text, "The number it bears."),
    .init("customer", .text, "Natural id of the customer."),
    .init("ramp_of", .text, "Natural id of the contract that this row is one step of."),
    .init("status", .choice(contractStatuses), "State of the contract."),
    .init("signed", .moment, "When it was signed."), .init("start", .moment, "First moment of its term."),
    .init("end", .moment, "First moment after its term (exclusive)."),
    .init("amount", .money, "Its value over the whole term, without tax."),
    .init("currency", .text, "ISO 4217 code."),
    .init("cancellable", .flag, "1 when the customer may end it before its term."),
    .init("canceled", .moment, "When it was ended before its term."),
  ]
}
