import Model

extension EntityChange {
  func applyStates() throws -> (ChangeSummary.Counts, [Finding]) { (ChangeSummary.Counts(), []) }
}
