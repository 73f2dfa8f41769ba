import Dispatch
import Synchronization

/// A value that is made on another thread meanwhile.
public final class Promised<Value: Sendable, Failure: Error>: Sendable {
  private let isMade = DispatchSemaphore(value: 0)
  private let result = Mutex<Result<Value, Failure>?>(nil)

  /// Begins to make it at once.
  public init(_ make: @escaping @Sendable () throws(Failure) -> Value) {
    DispatchQueue.global().async { [self] in
      let made = Result(catching: make)
      result.withLock { $0 = made }
      isMade.signal()
    }
  }

  /// Waits for it, and throws what making it threw. To be asked once: it is given away.
  public func take() throws(Failure) -> Value {
    isMade.wait()
    guard let made = result.withLock({ $0.take() }) else { preconditionFailure("it was taken before") }
    return try made.get()
  }
}

/// Makes elements on another thread, each while the one before it is worked on here, in their order.
///
/// Memory holds two of them at a time. A single one is made here: there is nothing to do meanwhile.
///
/// - Parameters:
///   - count: How many.
///   - make: Makes the element of a number; what it throws is thrown here when its turn comes.
///   - body: Works on an element.
public func forEachMadeAhead<Element: Sendable>(
  _ count: Int, _ make: @escaping @Sendable (Int) throws -> Element, _ body: (Int, Element) throws -> Void
) throws {
  guard count > 1 else {
    if count == 1 { try body(0, try make(0)) }
    return
  }
  var next = Promised { () throws in try make(0) }
  for number in 0..<count {
    let element = try next.take()
    if number + 1 < count { next = Promised { () throws in try make(number + 1) } }
    try body(number, element)
  }
}
