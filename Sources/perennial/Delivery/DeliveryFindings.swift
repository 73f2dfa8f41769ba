import Model

/// What is told of a delivery that was not sent.
extension OutboxEntry {
  private var subject: String { "\(key.report) of \(key.period) for \(key.recipient)" }

  func waits(_ reason: String) -> Finding {
    Finding(
      .error, "not-delivered", "\(subject) was not sent: \(reason)",
      consequence: "it waits in the outbox as number \(id)",
      remedy: "a later run tries again; `perennial outbox send` does so as soon as it is due")
  }

  func refused(_ reason: String) -> Finding {
    ended("delivery-refused", "\(subject) was not sent: \(reason)")
  }

  func givenUp(_ reason: String) -> Finding {
    ended("delivery-given-up", "\(subject) was not sent and is given up: \(reason)")
  }

  private func ended(_ name: String, _ problem: String) -> Finding {
    Finding(
      .error, name, problem, consequence: "it is not tried again",
      remedy: "mend what the server says, then `perennial outbox resend \(id)`")
  }

  func unknown(_ reason: String) -> Finding {
    let search =
      key.channel == .webhook
      ? "look at the webhook's service, whose request had \(messageID) in `X-Perennial-Delivery`"
      : "ask the recipient, or look for \(messageID) in the relay's log"
    return Finding(
      .error, "delivery-unknown", "\(subject) may have been sent: \(reason)",
      consequence: "it is not sent again by itself",
      remedy: "\(search); if it did not arrive, `perennial outbox resend \(id)`")
  }
}

extension Finding {
  /// Whether it says that a run which published had nothing to deliver, or nothing that may be: said even where nothing else is.
  var keepsReportsBack: Bool { ["stale-data", "nothing-in-force", "no-figures"].contains(name) }
}
