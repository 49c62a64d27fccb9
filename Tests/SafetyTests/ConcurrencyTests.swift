import Foundation
import Synchronization
import Testing

/// Several processes write to one store at the same time.
@Suite(.serialized) struct ConcurrencyTests {
    @Test func `sixteen processes insert twenty-five entries each and none is lost`() async throws {
        let box = try Sandbox(try Keyring(), "many")
        defer { box.keyring.close() }
        try box.reset()
        let refused = Mutex<[String]>([])
        let began = ContinuousClock.now
        try await inParallel(16) { writer in
            for number in 1...25 {
                let outcome = try Self.insert(
                    "load/w\(writer)/n\(number)", "w\(writer)n\(number)", box)
                if outcome.status != 0 { refused.withLock { $0.append(outcome.errorText) } }
            }
        }
        let seconds = (ContinuousClock.now - began).inSeconds
        #expect(refused.withLock { $0 } == [])

        let readable = Mutex(0)
        try await inParallel(2) { half in
            for writer in stride(from: half, to: 16, by: 2) {
                for number in 1...25 {
                    let path = "\(box.store)/load/w\(writer)/n\(number).gpg"
                    let value = try box.keyring.decrypt(path)
                    if value == Array("\(box.marker) w\(writer)n\(number)\n".utf8) {
                        readable.withLock { $0 += 1 }
                    }
                }
            }
        }
        let history = try box.git.commits(after: box.startingCommit)
        let committed = Set(history.flatMap(\.files))
        print(
            "16 processes x 25 inserts: \(readable.withLock { $0 }) of 400 readable, "
                + "\(committed.count) of 400 committed, in \(String(format: "%.1f", seconds)) s")
        #expect(readable.withLock { $0 } == 400)
        #expect(committed.count == 400)
        #expect(history.count == 400, "one commit for each")
        #expect(history.allSatisfy { $0.files.count == 1 }, "each commit holds its own entry only")
        #expect(try box.git.run(["rev-list", "--merges", "HEAD"]).text == "", "linear")
        #expect(try box.git.run(["status", "--porcelain"]).text == "")
        #expect(try box.git.run(["fsck", "--strict", "--no-dangling"]).status == 0)
    }

    @Test func `eight processes overwrite one entry and every value is in its history`()
        async throws
    {
        let box = try Sandbox(try Keyring(), "one")
        defer { box.keyring.close() }
        try box.reset()
        let written = Mutex<Set<String>>([])
        try await inParallel(8) { writer in
            for round in 1...5 {
                let outcome = try Self.insert("web/site", "w\(writer)r\(round)", box)
                if outcome.status == 0 {
                    written.withLock { _ = $0.insert("\(box.marker) w\(writer)r\(round)\n") }
                }
            }
        }
        let values = written.withLock { $0 }
        let last = try box.keyring.decrypt(box.store + "/web/site.gpg")
        #expect(values.count == 40)
        #expect(values.contains(String(decoding: last ?? [], as: UTF8.self)))

        var inHistory: Set<String> = []
        let log = try box.git.run(["log", "--format=%H", "\(box.startingCommit)..HEAD"])
        for commit in log.text.split(separator: "\n") {
            let blob = try box.git.run(["cat-file", "blob", "\(commit):web/site.gpg"])
            let copy = box.folder + "/blob.gpg"
            try Sandbox.write(blob.output, to: copy, mode: 0o600)
            inHistory.insert(String(decoding: try box.keyring.decrypt(copy) ?? [], as: UTF8.self))
        }
        print("8 processes x 5 overwrites: \(inHistory.count) of \(values.count) in the history")
        #expect(inHistory == values)
        #expect(try box.git.run(["status", "--porcelain"]).text == "")
    }

    private static func insert(_ name: String, _ text: String, _ box: Sandbox) throws -> Outcome {
        try Command(
            words: [Binaries.passel, "insert", "-m", "-f", name], environment: box.environment,
            input: Array("\(box.marker) \(text)\n".utf8)
        ).run()
    }
}
