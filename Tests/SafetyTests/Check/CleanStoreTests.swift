import Foundation
import Synchronization
import Testing

/// `fsck` of stores of many shapes, with which nothing is wrong.
@Suite(.serialized) struct CleanStoreTests {
    @Test func `no store is called damaged that is not`() async throws {
        let keyring = try Keyring()
        defer { keyring.close() }
        let boxes = try (0..<2).map { try Sandbox(keyring, "clean\($0)") }
        let total = SweepExtent.isFull ? 200 : 20
        let alarms = Mutex<[String]>([])
        try await inParallel(boxes.count) { worker in
            for number in stride(from: worker, to: total, by: boxes.count) {
                let shape = Shape(number)
                let told = try shape.check(boxes[worker])
                if !told.isEmpty { alarms.withLock { $0.append("\(number) \(shape): \(told)") } }
            }
        }
        let result = alarms.withLock { $0 }
        print("fsck: \(total) clean stores, \(result.count) false alarms")
        #expect(result == [])
    }

    /// What is done to the same twenty entries, by the digits of a number.
    private struct Shape: CustomStringConvertible {
        let steps: [[String]]

        init(_ number: Int) {
            var rest = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 >> 16
            steps = Self.all.compactMap { choices in
                defer { rest /= 7 }
                let choice = Int(rest % UInt64(choices.count + 1))
                return choice < choices.count ? choices[choice] : nil
            }
        }

        var description: String { "\(steps)" }

        /// Of each line one or none; `sh` is a line for a shell in the store.
        private static let all: [[[String]]] = [
            [
                ["sh", "mkdir -p empty/deeper"],
                ["sh", "cp e1.gpg 'odd name é.gpg'; git add -A; git commit -qm odd"],
            ],
            [["mv", "web", "moved"], ["rm", "-f", "e2"], ["cp", "e3", "deep/copy/of/e3"]],
            [
                ["init", "-p", "team", "bob@example.org", "ann@example.org"],
                ["sh", "echo 'note' >note; git add -A; git commit -qm note"],
                ["sh", "echo 'note' >note; echo note >>.git/info/exclude"],
            ],
            [["join", "--yes"], ["generate", "-f", "e4", "20"]],
            [
                [
                    "sh",
                    """
                    git checkout -q -b side; cp e1.gpg e90.gpg; git add -A; git commit -qm side
                    git checkout -q main; git merge -q --no-ff --no-edit side
                    """,
                ],
                ["sh", "git branch side; git tag v1; git tag -a -m annotated v2"],
                ["sh", "echo a >>.gitattributes; git stash push -q -m aside"],
            ],
            [
                ["sh", "git gc -q"], ["sh", "git repack -adq --write-bitmap-index"],
                ["sh", "git pack-refs --all"], ["sh", "git multi-pack-index write; git gc -q"],
                ["sh", "git commit-graph write --reachable --split; git prune-packed"],
            ],
            [
                ["mv", "e5", "new/place/e5"], ["rm", "-rf", "web"], ["generate", "-f", "e6", "20"],
            ],
            [
                ["sh", "git checkout -q --detach"], ["sh", "git checkout -q -b other"],
                ["sh", "ln -s e1.gpg link.gpg; git add -A; git commit -qm link"],
                ["sh", "git update-server-info"],
            ],
            [
                ["sh", "git worktree add -q ../beside-$$ HEAD; rm -rf ../beside-*"],
                [
                    "sh",
                    """
                    git clone -q . ../clone; cp .git/info/exclude ../clone/.git/info/exclude
                    rm -rf .git; mv ../clone/.git .git; git reset -q
                    """,
                ],
                ["sh", "rm -rf .git"], ["sh", "git config core.autocrlf input"],
            ],
        ]

        /// What fsck says of it.
        func check(_ box: Sandbox) throws -> String {
            try box.reset()
            try? FileManager.default.removeItem(atPath: box.folder + "/clone")
            for step in steps {
                let isShell = step[0] == "sh"
                var command = Command(
                    words: isShell
                        ? ["sh", "-c", "umask 077; cd \"$PASSWORD_STORE_DIR\"; \(step[1])"]
                        : [Binaries.passel] + step, environment: box.environment)
                command.limit = 60
                _ = try command.run()
            }
            let outcome = try Command(
                words: [Binaries.passel, "fsck"], environment: box.environment
            ).run()
            return outcome.status == 0 && outcome.output.isEmpty
                ? "" : "\(outcome.status) \(outcome.text) \(outcome.errorText)"
        }
    }
}
