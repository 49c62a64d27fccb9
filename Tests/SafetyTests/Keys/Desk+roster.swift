import PasselTesting

/// A roster that is written without passel: by another machine, or by an attacker.
struct RosterDraft {
    let desk: Desk
    private var keys: Set<String>
    private var readers: Set<String>
    private var generation: Int
    private let old: Bytes

    /// The roster that the store has, to be changed; the first one where there is none.
    init(_ desk: Desk) throws {
        self.desk = desk
        old = Disk.read(desk.store + "/.passel/roster") ?? []
        let lines = old.lines.map(\.text)
        keys = Set(lines.filter { $0.hasPrefix("key ") })
        readers = Set(lines.filter { $0.hasPrefix("reader ") })
        generation =
            lines.first { $0.hasPrefix("generation ") }
            .flatMap { Int($0.dropFirst(11)) } ?? 0
    }

    /// Somebody reads a folder (`.` is the top), by the key in this file.
    mutating func add(
        _ name: String, to folder: String = ".", as role: String = "member", file: String? = nil
    ) throws {
        let fingerprint = try desk.workshop.fingerprint(name)
        readers.insert("reader \(folder) \(fingerprint) \(role)")
        try know(name, by: file ?? name)
        let content = try desk.workshop.file(file ?? name)
        try desk.write(content, to: ".public-keys/\(fingerprint)")
    }

    /// The roster names the key in this file as somebody's, whatever lies in the store.
    mutating func know(_ name: String, by file: String) throws {
        let fingerprint = try desk.workshop.fingerprint(name)
        keys = keys.filter { !$0.hasPrefix("key \(fingerprint) ") }
        let digest = try Desk.digest(of: desk.workshop.file(file))
        keys.insert("key \(fingerprint) \(digest) \(name)%20%3C\(name)@example.org%3E")
    }

    /// Puts it into the store, with the lists that follow from it.
    ///
    /// Signed by somebody as the next generation; or, by nobody, unsigned in the place of the one
    /// that is there.
    func put(signedBy signer: String?) throws {
        var head = old.lines.prefix(3).map(\.text)
        if signer != nil {
            let previous = old.isEmpty ? "-" : try Desk.digest(of: old)
            head = ["passel roster 1", "generation \(generation + 1)", "previous \(previous)"]
        }
        let lines = head + keys.sorted() + readers.sorted()
        let content = Bytes(lines.map { $0 + "\n" }.joined().utf8)
        try desk.write(content, to: ".passel/roster")
        if let signer {
            try desk.write(
                desk.workshop.signature(of: content, by: signer), to: ".passel/roster.sig")
        }
        var lists: [String: [String]] = [:]
        for reader in readers.sorted() {
            let words = reader.split(separator: " ").map(String.init)
            lists[words[1], default: []].append(words[2])
        }
        for (folder, people) in lists {
            let list = Bytes(people.sorted().map { $0 + "\n" }.joined().utf8)
            try desk.write(list, to: folder == "." ? ".gpg-id" : folder + "/.gpg-id")
        }
    }
}

extension Desk {
    /// A changed roster arrives, signed by somebody or by nobody.
    func rosterArrives(
        signedBy signer: String?, _ change: (inout RosterDraft) throws -> Void
    ) throws {
        try arrives {
            var draft = try RosterDraft(self)
            try change(&draft)
            try draft.put(signedBy: signer)
        }
    }

    /// A key file arrives in the store under somebody's name.
    func keyArrives(_ file: String, as name: String) throws {
        try arrives {
            try write(workshop.file(file), to: ".public-keys/" + workshop.fingerprint(name))
        }
    }
}
