import Model

extension MetricDefinition {
  static let ndrSignupCohort = MetricDefinition(
    Metric(
      id: "ndr_signup_cohort", title: "NDR, sign-up cohort", group: .retention, unit: .ratio,
      formula: "MRR now / MRR at sign-up, of the customers who joined twelve months ago",
      definition: "Net dollar retention of the customers whose first MRR was twelve months ago.",
      needs: [.recurringCharge], good: .up),
    .retentionBySegment, of: .window(12),
    decidedBy: .perCustomer
  ) { context in
    guard let cell = context.signupCohort else { return .null("the window reaches before the first month") }
    return ratio(cell.now, cell.then, orElse: "no customer joined twelve months ago")
  }
}
