import Foundation

/// The input of `git fast-import`, written commit by commit.
struct HistoryImport {
    private var stream: [UInt8] = []
    private var marks = 0
    private var time = 1_700_000_000

    /// Adds a file's content; its mark is the result.
    mutating func blob(_ content: [UInt8]) -> Int {
        marks += 1
        stream += Array("blob\nmark :\(marks)\ndata \(content.count)\n".utf8) + content + [0x0A]
        return marks
    }

    /// Adds a commit of exactly these files; its mark is the result.
    mutating func commit(
        _ branch: String, _ subject: String, parents: [Int], files: [String: Int],
        lists: [String: String]
    ) -> Int {
        marks += 1
        time += 60
        var lines = [
            "commit refs/heads/\(branch)", "mark :\(marks)",
            "committer Ann <ann@example.org> \(time) +0000", "data \(subject.utf8.count)", subject,
        ]
        for (index, parent) in parents.enumerated() {
            lines.append("\(index == 0 ? "from" : "merge") :\(parent)")
        }
        lines.append("deleteall")
        for (path, mark) in files.sorted(by: { $0.key < $1.key }) {
            lines.append("M 100644 :\(mark) \(path).gpg")
        }
        for (folder, list) in lists.sorted(by: { $0.key < $1.key }) {
            lines += ["M 100644 inline \(folder).gpg-id", "data \(list.utf8.count)", list]
        }
        stream += Array((lines.joined(separator: "\n") + "\n\n").utf8)
        return marks
    }

    /// Makes a reference lead to a commit.
    mutating func reset(_ reference: String, to commit: Int) {
        stream += Array("reset \(reference)\nfrom :\(commit)\n\n".utf8)
    }

    /// Makes the repository in `folder`, with a branch `main` that is checked out and without some
    /// other branches.
    func write(to folder: String, home: String, without branches: [String]) throws {
        guard mkdir(folder, 0o700) == 0 else { throw SafetyProblem("\(folder): cannot be made") }
        let git = Git(folder: folder, home: home)
        var steps: [([String], [UInt8])] = [
            (["init", "-q", "-b", "main"], []), (["fast-import", "--quiet"], stream),
            (["reset", "-q", "--hard", "main"], []),
        ]
        if !branches.isEmpty { steps.append((["branch", "-q", "-D"] + branches, [])) }
        for (words, input) in steps {
            let outcome = try git.run(words, bytes: input)
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
    }
}

extension Git {
    func run(_ arguments: [String], bytes: [UInt8]) throws -> Outcome {
        try Command(
            words: ["git", "-C", folder] + arguments,
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": home, "GIT_CONFIG_NOSYSTEM": "1",
                "LC_ALL": "C.UTF-8",
            ], input: bytes
        ).run()
    }
}
