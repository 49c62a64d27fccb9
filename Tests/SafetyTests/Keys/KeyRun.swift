import PasselTesting

/// One scene of a case in one kind of store, played and judged.
struct KeyRun: Sendable {
    let keyCase: KeyCase
    let scene: KeyScene
    let kind: StoreKind

    /// What happened otherwise than declared, if anything did, and what was read.
    struct Result: Sendable {
        var failures: [String] = []
        /// How many ciphertexts were listed.
        var ciphertexts = 0
        /// How many packets were for keys of nobody acknowledged.
        var strangers = 0
    }

    var label: String {
        let scene = scene.name.isEmpty ? "" : ", \(scene.name)"
        return "\(keyCase.label) \(keyCase.name)\(scene) (\(kind.rawValue))"
    }

    /// Plays the scene on a copy of the template.
    func play(_ workshop: KeyWorkshop, like template: Desk) throws -> Result {
        let desk = try Desk(workshop, kind, like: template)
        defer { desk.box.close() }
        var play = Play(desk: desk)
        for (index, step) in scene.steps.enumerated() {
            play.position = "step \(index + 1)"
            try play.step(step)
        }
        try play.readEverything()
        return play.result
    }
}

/// A scene being played.
private struct Play {
    let desk: Desk
    var position = ""
    var result = KeyRun.Result()

    mutating func step(_ step: KeyStep) throws {
        switch step {
        case .happens(let what, let change):
            position += ": \(what)"
            try readEverything()
            try change(desk)
            try desk.settle()
        case .acknowledged(let people, let folder):
            try readEverything()
            desk.acknowledge(people, in: folder)
        case .clock(let seconds, let moment): desk.setClock(seconds, after: moment)
        case .write(let writing, let verdict): try write(writing, verdict)
        case .everyWrite(let folder, let verdict):
            let entry = folder == "ops" ? "server" : "shop"
            for writing in Writing.all(below: folder, entry) { try write(writing, verdict) }
        case .run(let words, let verdict): _ = try judge(words, nil, verdict)
        }
    }

    // MARK: Commands

    private mutating func write(_ writing: Writing, _ verdict: Verdict) throws {
        if let editor = writing.editor {
            let path = desk.box.bin + "/editor"
            // Never written while it may run.
            Disk.remove(path)
            try Disk.write("#!/bin/sh\n\(editor)\n", to: path, mode: 0o700)
        }
        guard try judge(writing.words, writing.input, verdict), let wanted = verdict.readers else {
            return
        }
        let content = try desk.read(writing.entry + ".gpg")
        let ids = try Ciphertexts.readers(of: content, desk.workshop)
        let told = ids.sorted().joined(separator: " ")
        let hidden = wanted.filter { $0 == "hidden" }.count
        let named = wanted.filter { $0 != "hidden" }
        let fits = try named.allSatisfy { name in
            let theirs = try desk.workshop.owner(name).keyIDs
            return ids.filter(theirs.contains).count == 1
        }
        if !fits || ids.count != wanted.count || ids.filter({ Set($0) == ["0"] }).count != hidden {
            fail(writing.words, "written for \(told), not for \(wanted.joined(separator: ", "))")
        }
    }

    /// Runs passel; whether it ended well.
    private mutating func judge(
        _ words: [String], _ input: String?, _ verdict: Verdict
    ) throws -> Bool {
        let before = WorkTree(desk.store)
        let outcome = try desk.attempt("passel", words, input: input.map { Bytes($0.utf8) })
        let said = outcome.stderr.text + outcome.stdout.text
        switch verdict.ending {
        case .failure where outcome.status == 0: fail(words, "was not refused: \(said)")
        case .status(let status) where outcome.status != status:
            fail(words, "ended with \(outcome.status): \(said)")
        default: break
        }
        let says = desk.kind == .bare ? verdict.saysInBare ?? verdict.says : verdict.says
        for text in says where !said.contains(text) {
            fail(words, "did not say “\(text)”: \(said)")
        }
        if !verdict.mayWarn, said.contains("warning: ") { fail(words, "warned: \(said)") }
        if let changing = verdict.changing {
            let after = WorkTree(desk.store)
            if before.without(changing) != after.without(changing) {
                fail(words, "the store changed: \(before.differences(to: after))")
            }
        }
        return outcome.status == 0
    }

    private mutating func fail(_ words: [String], _ what: String) {
        result.failures.append("\(position): passel \(words.joined(separator: " ")): \(what)")
    }

    // MARK: The oracle

    /// Lists every ciphertext that was written since the last time, and looks for packets that are
    /// for nobody who was acknowledged.
    mutating func readEverything() throws {
        let now = try Ciphertexts(of: desk)
        for message in try now.messages(besides: desk.baseline, at: desk.store) {
            let ids = try Ciphertexts.readers(of: message.content, desk.workshop)
            guard !ids.isEmpty else { continue }
            result.ciphertexts += 1
            let place = message.name.map { $0.hasSuffix(".gpg") ? $0 : "" } ?? ""
            let allowed = place.isEmpty ? desk.allowedAnywhere : desk.allowedIDs(for: place)
            for id in ids where !allowed.contains(id) {
                if Set(id) == ["0"], try !isReadByStrangers(message.content) { continue }
                result.strangers += 1
                result.failures.append(
                    "\(position): \(message.name ?? "an object") is encrypted to \(id)")
            }
        }
        try desk.settle()
    }

    /// Hidden packets are tried with the key of her who should not be able to read them.
    private func isReadByStrangers(_ message: Bytes) throws -> Bool {
        try desk.workshop.canRead(message, "mallory")
    }
}
