extension Verbs {
    static let people: [String: Verb] = [
        // key [--expired|--revoked|--sign-only|--two-subkeys|--expired-subkey|--protected WORD] NAME…
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
