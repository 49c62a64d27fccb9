import Foundation

/// One person's machine: a clone, a home, what passel remembers there.
struct ModelClone: Sendable {
    let person: String
    let people: ModelPeople
    let folder: String
    /// The programs that are its own, and what the editor is to write: outside of `/dev/shm`, which
    /// an editor does not see as it is.
    let bin: String

    var store: String { folder + "/store" }
    var git: Git { Git(folder: store, home: folder + "/home") }

    /// Makes the folders; the clone itself comes later.
    init(_ person: String, _ people: ModelPeople, below world: String) throws {
        self.person = person
        self.people = people
        folder = "\(world)/\(person)"
        bin = "\(people.folder)/\(URL(fileURLWithPath: world).lastPathComponent)-\(person)"
        for path in [folder] + ["home", "state", "tmp"].map({ "\(folder)/\($0)" }) + [bin] {
            guard mkdir(path, 0o700) == 0 else { throw SafetyProblem("\(path): cannot be made") }
        }
        try Sandbox.write(
            """
            [user]
            \tname = \(person)
            \temail = \(person)@example.org
            [init]
            \tdefaultBranch = main
            [gc]
            \tauto = 0

            """, to: folder + "/home/.gitconfig", mode: 0o600)
        try install(
            """
            #!/bin/sh
            exec cp "$MODEL_TEXT" "$1"
            """, as: "model-editor")
        for program in ["upload-pack", "receive-pack"] {
            // A server whose answer ends in the middle, where somebody says so.
            try install(
                """
                #!/bin/bash
                [ -n "$MODEL_CUT" ] || exec git \(program) "$@"
                exec git \(program) "$@" > >(exec head -c "$MODEL_CUT")
                """, as: "cut-\(program)")
        }
    }

    private func install(_ script: String, as name: String) throws {
        try Sandbox.write(script, to: "\(bin)/\(name)", mode: 0o700)
    }

    /// Lets the programs in between that may cut the answers of the remote.
    func connect() throws {
        for (key, value) in [
            ("remote.origin.uploadpack", bin + "/cut-upload-pack"),
            ("remote.origin.receivepack", bin + "/cut-receive-pack"),
        ] {
            let outcome = try git.run(["config", key, value])
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
    }

    /// Runs passel, perhaps under the killer.
    func passel(
        _ arguments: [String], input: String = "", killAt call: Int? = nil,
        variables: [String: String] = [:]
    ) throws -> Outcome {
        let killer =
            call.map { [Binaries.killer, "kill", "\($0)", "-o", folder + "/report", "--"] } ?? []
        var environment = [
            "PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "HOME": folder + "/home",
            "TMPDIR": folder + "/tmp", "XDG_STATE_HOME": folder + "/state",
            "GNUPGHOME": people.home(person), "PASSWORD_STORE_DIR": store,
            "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
            "EDITOR": "model-editor",
        ]
        for (name, value) in variables { environment[name] = value }
        var command = Command(
            words: killer + [Binaries.passel] + arguments, environment: environment,
            input: Array(input.utf8))
        command.limit = 120
        return try command.run()
    }

    /// Whether the killer really ended the last run that it watched.
    func wasKilled() -> Bool {
        let report = try? String(contentsOfFile: folder + "/report", encoding: .utf8)
        return report?.hasPrefix("killed") ?? false
    }

    /// The files of the work tree by name, the repository left out.
    func files() throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        func read(_ path: String) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: store + "/" + path) {
                let below = path.isEmpty ? name : path + "/" + name
                var status = stat()
                guard name != ".git", lstat(store + "/" + below, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    try read(below)
                } else if let content = FileManager.default.contents(atPath: store + "/" + below) {
                    found[below] = [UInt8](content)
                }
            }
        }
        try read("")
        return found
    }

    /// The newest commit.
    func head() throws -> String {
        let loose = try? String(contentsOfFile: store + "/.git/refs/heads/main", encoding: .utf8)
        if let loose { return loose.trimmingCharacters(in: .whitespacesAndNewlines) }
        return try git.head()
    }
}
