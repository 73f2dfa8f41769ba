import Model
import Project

extension ProjectConfiguration {
  /// Every secret the project's sources and their connectors refer to, once, in the order of its text.
  var secrets: [SecretReference] {
    Set(sources.flatMap(\.references)).sorted { $0.description < $1.description }
  }
}
