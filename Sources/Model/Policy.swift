/// Placeholder to be replaced by the full policy.
public struct Policy: Sendable, Hashable {
  public var name: String
  public init(name: String) { self.name = name }
}
