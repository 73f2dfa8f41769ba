import Model
import Project

extension ProjectConfiguration {
  /// Every secret the project's sources, their connectors and its deliveries refer to, once, in the order of its text.
  var secrets: [SecretReference] {
    Set(sources.flatMap(\.references) + delivery.references + pipelines.flatMap { $0.ping?.references ?? [] })
      .sorted { $0.description < $1.description }
  }
}
