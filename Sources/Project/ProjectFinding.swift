import Model

/// Every name under which a project's files are found fault with.
///
/// Documentation/Findings.md has a section generated from here; a name is never reused for another fault.
public enum ProjectFinding: String, CaseIterable, Sendable {
  case notAProject = "not-a-project"
  case unknownFile = "unknown-file"
  case yamlSyntax = "yaml-syntax"
  case duplicateKey = "duplicate-key"
  case unknownKey = "unknown-key"
  case unknownEntity = "unknown-entity"
  case unknownColumn = "unknown-column"
  case unknownOption = "unknown-option"
  case unknownFormat = "unknown-format"
  case unknownPolicyKey = "unknown-policy-key"
  case missingKey = "missing-key"
  case emptyKey = "empty-key"
  case misplacedKey = "misplaced-key"
  case misplacedSecret = "misplaced-secret"
  case literalSecret = "literal-secret"
  case unencryptedSecret = "unencrypted-secret"
  case unencryptedConnector = "unencrypted-connector"
  case sharedSystem = "shared-system"
  case wrongKind = "wrong-kind"
  case badValue = "bad-value"
  case badPolicyValue = "bad-policy-value"
  case badName = "bad-name"
  case badPath = "bad-path"
  case badExpression = "bad-expression"
  case badDatePattern = "bad-date-pattern"
  case unknownCurrency = "unknown-currency"
  case unknownTimeZone = "unknown-time-zone"
  case unknownPolicy = "unknown-policy"
  case unknownPreset = "unknown-preset"
  case unknownConnector = "unknown-connector"
  case unknownStream = "unknown-stream"
  case unknownSource = "unknown-source"
  case unknownReport = "unknown-report"
  case unknownRule = "unknown-rule"
  case unknownSegment = "unknown-segment"
  case unknownTemplate = "unknown-template"
  case unknownPipeline = "unknown-pipeline"
  case unknownAttribute = "unknown-attribute"
  case unknownSystem = "unknown-system"
  case missingMapping = "missing-mapping"
  case missingBound = "missing-bound"
  case missingPlaceholder = "missing-placeholder"
  case ambiguousChoice = "ambiguous-choice"
  case ambiguousOrigin = "ambiguous-origin"
  case ambiguousSegment = "ambiguous-segment"
  case ambiguousDataThrough = "ambiguous-data-through"

  /// What is wrong, one sentence.
  public var meaning: String {
    switch self {
    case .notAProject: "The folder has no `Config/company.yml`."
    case .unknownFile: "A file lies where configuration is read from, under a name that nothing reads."
    case .yamlSyntax: "The file is not YAML."
    case .duplicateKey: "A mapping gives one key twice."
    case .unknownKey: "No key of that name belongs there."
    case .unknownEntity: "There is no entity of that name."
    case .unknownColumn: "The entity has no column of that name."
    case .unknownOption: "A field has no option of that name."
    case .unknownFormat: "There is no document format of that name."
    case .unknownPolicyKey: "A policy has no key of that name."
    case .missingKey: "A key that must be there is missing."
    case .emptyKey: "A key has no value."
    case .misplacedKey: "A key means nothing at its place."
    case .misplacedSecret: "`${...}` stands where the value would be printed and stored."
    case .literalSecret: "A secret is written down instead of referred to."
    case .unencryptedSecret:
      "A secret is sent without encryption, over `http://` or to a relay, where anybody on the way can read it."
    case .sharedSystem: "Sources of two addresses say that their ids are those of one system."
    case .unencryptedConnector:
      "A connector's secret would be sent over `http://` to another machine, where anybody on the way can read it."
    case .wrongKind: "A list, a mapping or a single value stands where another of them belongs."
    case .badValue: "The value is none the key takes."
    case .badPolicyValue: "The value is none the policy key takes."
    case .badName: "The name cannot stand in tables and file names."
    case .badExpression: "A metric's expression cannot be read."
    case .badPath: "The path leaves the project's folder."
    case .badDatePattern:
      "The pattern has no year or month, gives a field twice, or has letters that are no field."
    case .unknownCurrency: "The text is not an ISO 4217 currency code."
    case .unknownTimeZone: "The system knows no time zone of that name."
    case .unknownPolicy: "There is no policy of that name and version."
    case .unknownPreset: "There is no preset of that name."
    case .unknownConnector: "There is no connector of that name."
    case .unknownStream: "The connector has no stream of that name."
    case .unknownSource: "The project has no source of that name."
    case .unknownReport: "The project has no report of that name."
    case .unknownRule: "`Config/delivery.yml` has no rule of that name."
    case .unknownSegment: "`Config/segments.yml` has no segment of that name."
    case .unknownTemplate: "There is no template of that name."
    case .unknownPipeline: "The project has no pipeline of that name."
    case .unknownAttribute: "No source maps the attribute: every customer is in the segment `(none)`."
    case .unknownSystem: "No source reads the system: customers are not joined through it."
    case .missingMapping: "The entity needs a column that the source does not map."
    case .missingBound: "An end does not say whether its date is still part of the interval."
    case .missingPlaceholder:
      "A connector's request does not say what it asks for: `{since}` or `{id}` stands nowhere in it."
    case .ambiguousChoice: "Keys stand side by side of which only one can hold."
    case .ambiguousOrigin: "A field has more than one of `column`, `constant` and `template`."
    case .ambiguousSegment: "A segment is said to be of several things at once."
    case .ambiguousDataThrough: "It is said in two ways up to when the data is complete."
    }
  }

  /// True where the project is used all the same.
  public var isWarning: Bool {
    [.unknownFile, .unknownAttribute, .unknownSystem, .unencryptedSecret, .sharedSystem].contains(self)
  }

  /// The section of Documentation/Findings.md about a project's files, in Markdown.
  public static var reference: String {
    let lines =
      ["## Project: the configuration", ""]
      + table(
        ["name", "what is wrong", "what it does"],
        allCases.map { ["`\($0.rawValue)`", $0.meaning, $0.isWarning ? "warns" : "refuses the project"] })
    return lines.joined(separator: "\n") + "\n"
  }
}

/// What a name in a project stands for, as findings say it.
enum Noun: String {
  case key, entity, column, option, format, preset, source, connector, stream, report, rule, segment,
    template,
    currency, attribute, system
  case policy
  case policyKey = "policy key"

  var unknown: ProjectFinding {
    switch self {
    case .key: .unknownKey
    case .entity: .unknownEntity
    case .column: .unknownColumn
    case .option: .unknownOption
    case .format: .unknownFormat
    case .preset: .unknownPreset
    case .source: .unknownSource
    case .connector: .unknownConnector
    case .stream: .unknownStream
    case .report: .unknownReport
    case .rule: .unknownRule
    case .segment: .unknownSegment
    case .template: .unknownTemplate
    case .currency: .unknownCurrency
    case .attribute: .unknownAttribute
    case .system: .unknownSystem
    case .policy: .unknownPolicy
    case .policyKey: .unknownPolicyKey
    }
  }
}
