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
    let (project, findings) = loadProject(at: project, everyConnector: everyConnector) { project, faulty in
      Rollup.findings(of: project.ownMetrics)
        + Project.findings(
          of: project.reports, among: catalogue(with: project.ownMetrics), faulty: faulty)
    }
    guard let project else { throw Stop(.wrongUse, findings) }
    Console.print(findings)
    return project
  }
}

extension ProjectConfiguration {
  /// A path of the project as the file system knows it.
  func path(_ relative: String) -> String {
    relative.hasPrefix("/") || folder == "." ? relative : folder + "/" + relative
  }

  /// Stops where the policy gives an answer that needs what no source feeds.
  func refuseUnfedPolicy() throws {
    let fed = Set(sources.flatMap { $0.entities.map(\.entity) })
    let findings = policyFindings(policy, fed: fed)
    if !findings.isEmpty { throw Stop(.wrongUse, findings) }
  }

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
