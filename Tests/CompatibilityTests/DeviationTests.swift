import Foundation
import PasselTesting
import Testing

/// The table of differences is complete, true and printed in the README.
@Suite struct DeviationTests {
    @Test(.enabled(if: isComplete)) func `every listed difference is shown by a scenario`() {
        let shown = Set(claims.map(\.id))
        for deviation in deviations where !shown.contains(deviation.id) {
            Issue.record("no scenario says deviates \(deviation.id)")
        }
    }

    @Test func `every difference that a scenario claims is listed`() {
        let listed = Set(deviations.map(\.id))
        for claim in claims where !listed.contains(claim.id) {
            Issue.record(
                ScenarioFailure(
                    path: claim.path, line: claim.line,
                    description: "\(claim.id) is not in Deviations.swift"))
        }
    }

    @Test func `differences have names of their own`() {
        #expect(Set(deviations.map(\.id)).count == deviations.count)
    }

    @Test func `the README lists every difference`() throws {
        let path = Source.root + "/README.md"
        let text = try #require(Disk.read(path)).text
        let parts = text.components(separatedBy: "<!-- differences -->\n")
        let rest = try #require(parts.count == 2 ? parts[1] : nil)
        let end = try #require(rest.range(of: "<!-- /differences -->"))
        let table = Deviation.table(deviations)
        if ProcessInfo.processInfo.environment["PASSEL_RECORD"] == "1" {
            let written = parts[0] + "<!-- differences -->\n" + table + rest[end.lowerBound...]
            if written != text { try Disk.write(written, to: path) }
        } else {
            #expect(rest[..<end.lowerBound] == table, "PASSEL_RECORD=1 rewrites the table")
        }
    }

    /// Whether all scenarios are looked at.
    private static var isComplete: Bool {
        ProcessInfo.processInfo.environment["PASSEL_SCENARIO"] == nil
    }

    private var claims: [(id: String, path: String, line: Int)] {
        CompatibilityTests.scenarios.flatMap { scenario in
            scenario.steps.filter { $0.verb == "deviates" }.map {
                ($0.rest.trimmed.text, scenario.path, $0.line)
            }
        }
    }
}
