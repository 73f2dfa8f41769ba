import CLibcurl
import Model

/// Fetches what it is given: several at once within the declared rate, each tried again as often as makes sense.
///
/// One queue keeps its connections open and its rate over all calls, so a source, or a reader of pages, keeps one.
public final class TransferQueue {
  private let connection: Connection
  private let policy: TransferPolicy
  private let retry: RetryPolicy
  private let surroundings: Surroundings
  private let multi = curl_multi_init()
  private var running: [UnsafeMutableRawPointer: (transfer: Transfer, pending: PendingTransfer)] = [:]
  /// When the next request may begin, by the rate or since the server asked all to wait.
  private var nextStart: Int64 = 0
  /// How many tries beyond the first there were.
  public private(set) var repeats = 0

  public init(_ connection: Connection, _ policy: TransferPolicy, _ surroundings: Surroundings) {
    self.connection = connection
    self.policy = policy
    self.surroundings = surroundings
    retry = RetryPolicy(policy: policy)
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }

  deinit {
    for handle in running.keys { curl_multi_remove_handle(multi, handle) }
    running = [:]
    curl_multi_cleanup(multi)
  }

  /// The replies in the order of the requests. Once one is given up, what has not begun is not begun either, and fails with it.
  public func perform(_ requests: [TransferRequest]) -> [Result<Reply, TransferFault>] {
    var waiting = requests.map { PendingTransfer($0) }
    let all = waiting
    var failed: TransferFault?
    while !waiting.isEmpty || !running.isEmpty {
      if failed != nil { waiting = [] }
      start(&waiting)
      if running.isEmpty {
        guard let due = waiting.map(\.due).min() else { break }
        surroundings.wait(max(1, max(due, nextStart) - surroundings.now()))
        continue
      }
      var stillRunning: Int32 = 0
      curl_multi_perform(multi, &stillRunning)
      for pending in finished() {
        if pending.result == nil { waiting.append(pending) }
        if case .failure(let fault) = pending.result { failed = failed ?? fault }
      }
      if !running.isEmpty { curl_multi_poll(multi, nil, 0, 50, nil) }
    }
    return all.map { pending in
      pending.result
        ?? .failure(failed ?? pending.fault(.wrong("it was not begun", "run again"), because: nil, 0))
    }
  }

  /// One request alone.
  public func perform(_ request: TransferRequest) -> Result<Reply, TransferFault> { perform([request])[0] }

  private func start(_ waiting: inout [PendingTransfer]) {
    while running.count < max(1, policy.streams) {
      let now = surroundings.now()
      guard now >= nextStart, let index = waiting.firstIndex(where: { $0.due <= now }) else { return }
      let pending = waiting.remove(at: index)
      if let rate = policy.rate { nextStart = now + policy.ratePeriod / Int64(max(1, rate)) }
      pending.begin(at: now)
      guard let transfer = pending.transfer(connection, policy, now: now) else {
        pending.result = .failure(
          pending.fault(
            .passing("libcurl cannot be started", "check the free memory, then run again"), because: nil, 0))
        continue
      }
      running[transfer.handle] = (transfer, pending)
      curl_multi_add_handle(multi, transfer.handle)
    }
  }

  /// Takes what has ended out of the running ones.
  private func finished() -> [PendingTransfer] {
    var ended: [PendingTransfer] = []
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let (transfer, pending) = running[handle]
      else { continue }
      let code = curl_message_result(message)
      running[handle] = nil
      curl_multi_remove_handle(multi, handle)
      settle(pending, transfer, transfer.end(code))
      ended.append(pending)
    }
    return ended
  }

  private func settle(_ pending: PendingTransfer, _ transfer: Transfer, _ end: TransferEnd) {
    let now = surroundings.now()
    switch end {
    case .whole:
      if let fault = pending.accept(transfer.reply) { again(pending, fault, transfer.reply, now) }
    case .redirect(let url):
      if let fault = pending.follow(to: url, limit: policy.redirects) {
        pending.result = .failure(pending.fault(fault, because: nil, now))
      } else {
        pending.due = now
      }
    case .status(416, _) where pending.offset > 0:
      pending.restart()
      again(pending, .notWhole("the server has no such part of the file any more"), transfer.reply, now)
    case .status(let status, let says):
      pending.status = status
      again(pending, .status(status, says: pending.masked(says)), transfer.reply, now)
    case .fault(let fault):
      pending.keepPart(transfer.reply)
      again(pending, fault, transfer.reply, now)
    }
  }

  private func again(_ pending: PendingTransfer, _ fault: TransferEnd.Fault, _ reply: Reply, _ now: Int64) {
    let asked = ServerDelay.milliseconds(reply, now: now)
    switch retry.answer(
      isWorthRetrying: fault.isWorthRetrying, attempts: pending.attempts, elapsed: now - pending.began,
      asked: asked,
      draw: surroundings.draw)
    {
    case .again(let wait):
      repeats += 1
      pending.retry(at: now + wait)
      // A server that asks one request to wait means all of them.
      if let asked { nextStart = max(nextStart, now + asked) }
    case .enough(let reason):
      pending.result = .failure(pending.fault(fault, because: reason, now))
    }
  }
}
