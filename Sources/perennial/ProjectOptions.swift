import ArgumentParser
import Glibc
import Model
import Project
import Rollup
import Warehouse

/// What every command that works on a project asks for.
struct ProjectOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The project's folder.", valueName: "dir"))
  var project = "."

  /// The project, or a stop that tells every fault of its files at once.
  func load(everyConnector: Bool = false) throws -> ProjectConfiguration {
    let loaded = read(everyConnector: everyConnector)
    guard let project = loaded.project else { throw Stop(.wrongUse, loaded.findings) }
    Console.print(loaded.findings)
    return project
  }

  /// The project as it is, with every fault of its files.
  ///
  /// - Parameter texts: Its files by path, instead of those that are there.
  func read(of texts: [String: String]? = nil, everyConnector: Bool = false) -> LoadedProject {
    loadProject(at: project, of: texts, everyConnector: everyConnector) { project, faulty in
      Rollup.findings(of: project.ownMetrics)
        + Project.findings(
          of: project.reports, among: catalogue(with: project.ownMetrics), faulty: faulty)
    }
  }
}

extension ProjectConfiguration {
  /// A path of the project as the file system knows it.
  func path(_ relative: String) -> String {
    relative.hasPrefix("/") || folder == "." ? relative : folder + "/" + relative
  }

  /// Stops where the policy gives an answer that needs what no source feeds.
  func refuseUnfedPolicy() throws {
    let findings = policyFindings(policy, fed: fed)
    if !findings.isEmpty { throw Stop(.wrongUse, findings) }
  }

  /// What the sources feed, all together.
  var fed: Set<EntityKind> { Set(sources.flatMap { $0.entities.map(\.entity) }) }

  /// For who reads it elsewhere: cron starts in another folder, a mail is read on another machine.
  var absoluteFolder: String { absolutePath(folder) }
  var warehousePath: String { path(company.warehouse) }
  var outputPath: String { path(company.output) }
}

/// A path from the root, without links; as it is where there is nothing.
func absolutePath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

extension Month: ExpressibleByArgument {
  public init?(argument: String) { self.init(iso: argument) }
}

extension Moment: ExpressibleByArgument {
  public init?(argument: String) { self.init(iso: argument) }
}
