import Foundation
import PasselTesting
import Testing

/// The same commands by pass and by ours, compared step by step; one test case per file.
@Suite struct CompatibilityTests {
    static let folder = Source.root + "/Tests/CompatibilityTests/Scenarios"
    static let scenarios = Scenario.all(below: folder)

    @Test(arguments: scenarios)
    func scenario(_ scenario: Scenario) async throws {
        for failure in try await Comparisons.shared.result(of: scenario).failures {
            Issue.record(failure)
        }
    }

    @Test func `at least 250 command runs are compared`() async throws {
        var count = 0
        for scenario in Self.scenarios {
            count += try await Comparisons.shared.result(of: scenario).comparedRuns
        }
        print("compared command runs: \(count)")
        guard ProcessInfo.processInfo.environment["PASSEL_SCENARIO"] == nil else { return }
        #expect(count >= 250)
    }
}

/// Every comparison, made once however many tests look at it.
actor Comparisons {
    static let shared = Comparisons()
    private var tasks: [String: Task<ComparedScenario, any Error>] = [:]

    func result(of scenario: Scenario) async throws -> ComparedScenario {
        if let known = tasks[scenario.path] { return try await known.value }
        let task = Task { try await Workbench.run { ComparedScenario(running: scenario) } }
        tasks[scenario.path] = task
        return try await task.value
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
