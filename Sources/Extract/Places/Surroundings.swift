/// What a transfer asks of the world besides the network: the time, patience and dice. All times are in milliseconds.
public struct Surroundings {
  /// Since 1970.
  public var now: () -> Int64
  public var wait: (Int64) -> Void
  /// A number from 0 to the given one, each as likely as the others.
  public var draw: (Int64) -> Int64

  public init(
    now: @escaping () -> Int64, wait: @escaping (Int64) -> Void, draw: @escaping (Int64) -> Int64
  ) {
    self.now = now
    self.wait = wait
    self.draw = draw
  }
}
