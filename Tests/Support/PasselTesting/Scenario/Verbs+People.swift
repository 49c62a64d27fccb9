extension Verbs {
    static let people: [String: Verb] = [
        // key [--expired|--revoked|--sign-only|--two-subkeys|--expired-subkey|--weak
        //     |--authenticated|--protected WORD] NAME…
        "key": { run, _, words in
            var words = words[...]
            var kind = Key.Kind.plain
            if let option = words.first?.text, option.hasPrefix("--") {
                words = words.dropFirst()
                switch option {
                case "--expired": kind = .expired
                case "--revoked": kind = .revoked
                case "--sign-only": kind = .signOnly
                case "--two-subkeys": kind = .twoSubkeys
                case "--expired-subkey": kind = .expiredSubkey
                case "--weak": kind = .weak
                case "--authenticated": kind = .authenticated
                case "--protected": kind = .protected(passphrase: words.popFirst()?.text ?? "")
                default: throw TestingProblem("there is no kind of key \(option)")
                }
            }
            for word in words {
                let key = try run.sandbox.makeKey(word.text, kind)
                run.variables[word.text] = Bytes(key.fingerprint.utf8)
            }
        },
        "forget": { run, _, words in
            for word in words { try run.sandbox.forget(word.text) }
        },
        // people NAME…: each has a home, a store and a keyring of their own, the first is at the
        // keyboard.
        "people": { run, _, words in
            for word in words {
                try run.sandbox.introduce(word.text)
                run.variables[word.text] = run.sandbox.key(word.text).map {
                    Bytes($0.fingerprint.utf8)
                }
            }
            try run.sandbox.become(words.first?.text ?? "me")
        },
        // publish: the remote of all becomes what this person's store is now.
        "publish": { run, step, _ in
            try run.git(["init", "-q", "--bare", run.remote], demand: step.demand)
            try run.git(["remote", "add", "origin", run.remote], demand: step.demand)
            try run.git(["push", "-q", "-u", "origin", "HEAD"], demand: step.demand)
        },
        "clone": { run, step, words in
            try run.git(
                ["clone", "-q", run.remote, run.sandbox.store], inStore: false, demand: step.demand)
        },
        "push": { run, step, words in
            try run.git(["push", "-q"] + words.map(\.text), demand: step.demand)
        },
        "pull": { run, step, words in
            try run.git(
                ["pull", "-q", "--no-rebase", "--no-edit"] + words.map(\.text), demand: step.demand)
        },
        "as": { run, _, words in try run.sandbox.become(words.first?.text ?? "me") },
        // pinentry WORD: what the fake pinentry answers; pinentry alone: it cancels.
        "pinentry": { run, _, words in try run.sandbox.setPassphrase(words.first?.text) },
        "editor": { run, _, words in
            let path = Bytes((run.sandbox.bin + "/editor").utf8)
            try Disk.write(try run.content(words.first ?? []), to: path, mode: 0o700)
            run.exempt.insert(path.text)
        },
    ]
}

extension ScenarioRun {
    /// The bare repository that the stores of `people` are clones of.
    fileprivate var remote: String { sandbox.root + "/remote.git" }

    /// Runs the system's git in the store, with the umask of a careful user.
    fileprivate func git(
        _ arguments: [String], inStore: Bool = true, demand: Scenario.Demand
    ) throws {
        let place = inStore ? ["-C", sandbox.store] : []
        let words = ["-c", "umask 077; exec git \"$@\"", "git"] + place + arguments
        try execute("sh", words.map { Bytes($0.utf8) }, demand: demand)
    }
}
