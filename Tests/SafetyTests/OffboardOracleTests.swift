import Foundation
import Synchronization
import Testing

/// The list of what somebody who leaves could ever read, beside what git and gpg say.
@Suite(.serialized) struct OffboardOracleTests {
    private static let commits = 200
    private static let count = 50

    @Test func `the list is what gpg says of every blob of the history`() async throws {
        let keys = try OracleKeys()
        defer { keys.close() }
        let total = Mutex(Comparison())
        let next = Mutex(0)
        try await inParallel(2) { _ in
            while true {
                let number = next.withLock { next in
                    next += 1
                    return next
                }
                guard number <= Self.count else { return }
                var found = try Self.compare(number, keys)
                found.differences = found.differences.prefix(5).map { "history \(number): \($0)" }
                total.withLock { $0.add(found) }
            }
        }
        let sum = total.withLock { $0 }
        print(
            "offboard oracle: \(sum.equal) of \(Self.count) histories equal (\(Self.commits) commits "
                + "each; \(sum.versions) versions of \(sum.names) names, \(sum.placed) of these names "
                + "found where their entries are now)")
        #expect(sum.differences == [])
        #expect(sum.equal == Self.count)
        // A name that two entries had on two branches is found in more places than it need be.
        #expect(sum.placed * 1000 >= sum.names * 995)
    }

    /// What came of comparing one history, or several.
    private struct Comparison: Sendable {
        var differences: [String] = []
        var equal = 0
        var versions = 0
        var names = 0
        var placed = 0

        mutating func add(_ other: Comparison) {
            differences += other.differences
            equal += other.differences.isEmpty ? 1 : 0
            versions += other.versions
            names += other.names
            placed += other.placed
        }
    }

    private static func compare(_ number: Int, _ keys: OracleKeys) throws -> Comparison {
        let folder = "\(keys.folder)/h\(number)"
        let home = folder + "-home"
        guard mkdir(home, 0o700) == 0 else { throw SafetyProblem("\(home): cannot be made") }
        defer {
            try? FileManager.default.removeItem(atPath: folder)
            try? FileManager.default.removeItem(atPath: home)
        }
        let history = try GeneratedHistory(seed: UInt64(number), commits: commits, keys: keys)
        try history.write(to: folder, home: home)
        let oracle = PacketOracle(keys: keys, git: Git(folder: folder, home: home))
        let wanted = try oracle.readable(try oracle.versions())
        let listed = try list(folder, home, keys)
        let found = Set(
            listed.flatMap { entry in
                entry.versions.map { PacketOracle.Version(name: entry.entry, id: $0) }
            })
        var result = Comparison(versions: wanted.count, names: listed.count)
        for version in wanted.subtracting(found) {
            result.differences.append("\(version.name) \(version.id) is missing")
        }
        for version in found.subtracting(wanted) {
            result.differences.append("\(version.name) \(version.id) is not readable")
        }
        for entry in listed {
            let (now, real) = (Set(entry.now), history.places(of: entry.entry))
            if now == real { result.placed += 1 }
            if !real.isSubset(of: now) {
                result.differences.append(
                    "\(entry.entry) is at \(real.sorted()), not only at \(now.sorted())")
            }
        }
        return result
    }

    private struct Listed: Decodable {
        let entry: String
        let now: [String]
        let versions: [String]
    }

    private struct Listing: Decodable {
        let entries: [Listed]
    }

    private static func list(_ store: String, _ home: String, _ keys: OracleKeys) throws -> [Listed]
    {
        let outcome = try Command(
            words: [Binaries.passel, "offboard", "--dry-run", "--json", "bob@example.org"],
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": home, "GNUPGHOME": keys.home,
                "PASSWORD_STORE_DIR": store, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
            ]
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        return try JSONDecoder().decode(Listing.self, from: Data(outcome.output)).entries
    }
}
