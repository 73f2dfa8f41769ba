import Model

/// One page of a list, and what its records came to.
struct ServicePage {
  enum Content {
    /// The records' values.
    case json(JSONText, records: [Int])
    /// Where the text lies.
    case delimited(path: String)
  }

  /// From 1.
  var number: Int
  /// The URL it was asked with, without secrets.
  var shownAs: String
  var reply: Reply
  var content: Content

  func fault(
    _ name: ExtractFinding, _ problem: String, byte: Int? = nil, in json: JSONText? = nil,
    isWorthRereading: Bool = false
  ) -> StreamFault {
    var fault = StreamFault(
      name, shownAs, "page \(number) of \(shownAs) \(problem)", byte: byte,
      isWorthRereading: isWorthRereading)
    if let json, let byte { fault.excerpt = json.line(at: byte) }
    return fault
  }
}

/// What the records of one page came to.
struct PageTally {
  var received = 0
  /// Keys that came before in the question as it was asked last.
  var repeated = 0
  /// The latest time of change of those that came before it was asked anew.
  var latestReturned: Instant?
  /// The last record's key, as a text and as JSON.
  var lastKey: (text: String, json: String)?
  /// Of the records' bytes.
  var digest: UInt64 = 0
  /// The latest time of change.
  var latest: Instant?
  /// That of the first record that has one.
  var firstChange: Instant?
  /// Whether no time of change is before the one of the record in front of it.
  var isAscending = true
  var withoutTime = 0

  mutating func note(_ changed: Instant?, _ standing: SeenKeys.Standing) {
    received += 1
    if standing == .repeated { repeated += 1 }
    if standing == .returned, let changed { latestReturned = max(latestReturned ?? changed, changed) }
    guard let changed else {
      withoutTime += 1
      return
    }
    firstChange = firstChange ?? changed
    isAscending = isAscending && latest.map { $0 <= changed } ?? true
    latest = max(latest ?? changed, changed)
  }
}

/// Takes the records of one page after the other.
protocol RecordSink: AnyObject {
  /// Begins a question; `isFurther` where it goes on where the last one was cut off.
  func beginQuestion(isFurther: Bool)
  func take(_ page: ServicePage) throws(StreamFault) -> PageTally
  var keys: SeenKeys { get set }
}

extension RecordSink {
  /// Different keys since the question began, further ones included.
  var distinct: Int { keys.distinct }
}

/// The keys that came, by their digests: 8 bytes each, whatever a key is.
struct SeenKeys {
  private var all: Set<UInt64> = []
  /// Those of the question; nil where that is all.
  private var question: Set<UInt64>?
  /// Those since the question was asked anew from the last value on; nil where it was not.
  private var part: Set<UInt64>?
  private var hasBegun = false
  /// Keys that came more than once.
  private(set) var repeated: Set<UInt64> = []
  /// The keys themselves, while somebody wants them.
  var collected: Set<String>?

  mutating func beginQuestion(isFurther: Bool) {
    if isFurther {
      part = []
    } else {
      question = hasBegun ? [] : nil
      part = nil
      hasBegun = true
    }
  }

  enum Standing {
    case new
    /// It came before the question was asked anew.
    case returned
    case repeated
  }

  func contains(_ digest: UInt64) -> Bool { all.contains(digest) }

  mutating func insert(_ digest: UInt64, of key: String) -> Standing {
    collected?.insert(key)
    let isNew = all.insert(digest).inserted
    if !isNew { repeated.insert(digest) }
    let isNewToQuestion = question?.insert(digest).inserted ?? isNew
    let isNewToPart = part?.insert(digest).inserted ?? isNewToQuestion
    return isNewToQuestion ? .new : isNewToPart ? .returned : .repeated
  }

  var distinct: Int { ofQuestion.count }
  var ofQuestion: Set<UInt64> { question ?? all }
}

/// Two digests of a key: one to find it by, both to know it by.
struct KeyDigest: Hashable {
  var first: UInt64
  var second: UInt64

  init(_ key: String) {
    func digest(_ salt: UInt8) -> UInt64 {
      var hasher = Hasher()
      hasher.combine(salt)
      hasher.combine(key)
      return UInt64(bitPattern: Int64(hasher.finalize()))
    }
    (first, second) = (digest(0), digest(1))
  }

  init(first: UInt64, second: UInt64) { (self.first, self.second) = (first, second) }
}
