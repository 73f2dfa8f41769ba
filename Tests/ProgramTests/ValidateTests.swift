import Foundation
import Testing

/// What `validate` tells before there is a figure.
@Suite struct ValidateTests {
  @Test func whatIsWrongWithMetricsIsToldTogetherWithWhatIsWrongElsewhere() throws {
    let project = try TemporaryProject()
    try project.write("Config/rates.yml", "max_aeg: 3\n")
    try project.write(
      "Config/metrics/mixed.yml", "title: M\nunit: money\ndefinition: M.\nexpression: mrr + customers\n")
    try project.write("Config/metrics/broken.yml", "title: B\nunit: money\ndefinition: B.\n")
    try project.write(
      "Reports/mine.yml", "sections: [{kind: figures, metrics: [mrr, mrr_net_nwe, broken, mixed]}]\n")
    let outcome = try project.run("validate")
    #expect(outcome.status == 2)
    for told in [
      "Config/rates.yml:1:1: error", "[mixed-units]", "no metric is named `mrr_net_nwe`",
      "`broken` does not say how it is computed",
    ] { #expect(outcome.told.contains(told), "\(told) in \(outcome.told)") }
    // Its own file is the mistake.
    #expect(!outcome.told.contains("no metric is named `broken`"), "\(outcome.told)")
  }
}
