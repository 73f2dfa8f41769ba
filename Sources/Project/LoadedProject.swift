import Model

/// What reading a project's files came to.
public struct LoadedProject {
  /// In the order of the files, then of their lines.
  public var findings: [Finding]
  /// What the files say as far as they are sound, for telling what else is wrong; nil where there is no project at all.
  public var draft: ProjectConfiguration?
  /// By name: sources whose files, or those they lean on, have mistakes.
  public var faultySources: [String: Fault] = [:]

  public enum Fault: Sendable {
    /// Parts of the mapping are missing; how its files are written is known.
    case mapping
    /// What is known of the source does not do to read its files, or there is nothing of it in the draft.
    case reading
  }

  /// nil where any finding is an error.
  public var project: ProjectConfiguration? {
    findings.contains { $0.severity == .error } ? nil : draft
  }

  /// Whether the draft's policy is not what its files mean to say.
  public var hasFaultyPolicy: Bool {
    findings.contains { finding in
      guard finding.severity == .error, let file = finding.place?.file else { return false }
      return file == PolicyFile.path || file.hasPrefix(CompletePolicyFile.folder + "/")
    }
  }
}

extension ConfigurationNode {
  /// Whether a place in a source's own file says what its columns mean, and not how its files are found and read.
  func saysColumns(at place: Place?) -> Bool {
    guard let place, place.file == self.place.file else { return false }
    func isBefore(_ entry: Entry) -> Bool {
      (entry.keyPlace.line ?? 0, entry.keyPlace.column ?? 0) <= (place.line ?? 0, place.column ?? 0)
    }
    let key = entries.last(where: isBefore)?.key
    return ["entities", "dates", "data_through", "extent", "quarantine", "hold"].contains(key)
  }
}
