import Model
import Project

extension ProjectConfiguration {
  /// Every secret the project's sources refer to, once, in the order of its text.
  var secrets: [SecretReference] {
    Set(sources.flatMap(\.access.references)).sorted { $0.description < $1.description }
  }
}
