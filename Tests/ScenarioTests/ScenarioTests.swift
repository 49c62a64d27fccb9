import Foundation
import PasselTesting
import Testing

/// Commands as people type them, against the built binary; one test case per file.
@Suite struct ScenarioTests {
    static let folder = Source.root + "/Tests/ScenarioTests/Scenarios"

    @Test(arguments: Scenario.all(below: folder))
    func scenario(_ scenario: Scenario) async throws {
        let failure = try await Workbench.run { try ScenarioRun(scenario).run() }
        if let failure { Issue.record(failure) }
    }
}

extension Issue {
    /// Reports a failure at the line of the scenario that failed.
    static func record(_ failure: ScenarioFailure) {
        let name = failure.path.split(separator: "/").last.map(String.init) ?? failure.path
        Issue.record(
            "\(failure.description)",
            sourceLocation: SourceLocation(
                fileID: "Scenarios/\(name)", filePath: failure.path, line: failure.line, column: 1))
    }
}
