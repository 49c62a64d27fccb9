import PasselTesting
import Testing

/// One numbered case of the reference list: who may read changes, a key is another, or time goes by,
/// and what must come of it.
struct KeyCase: Sendable {
    let number: Int
    let name: String
    let scenes: [KeyScene]

    init(_ number: Int, _ name: String, _ scenes: KeyScene...) {
        self.number = number
        self.name = name
        self.scenes = scenes
    }

    init(_ number: Int, _ name: String, scenes: [KeyScene]) {
        self.number = number
        self.name = name
        self.scenes = scenes
    }

    /// `KEY-07`.
    var label: String { "KEY-" + (number < 10 ? "0" : "") + String(number) }
}

/// What a store says of its recipients: bare lists, or lists that follow from a signed roster.
enum StoreKind: String, Sendable, CaseIterable {
    case bare, roster
}

/// One way in which a case happens, told step by step, in stores of these kinds.
struct KeyScene: Sendable {
    let name: String
    let kinds: [StoreKind]
    let steps: [KeyStep]

    /// The scene in both kinds of store.
    static func both(_ name: String = "", _ steps: KeyStep...) -> KeyScene {
        KeyScene(name: name, kinds: StoreKind.allCases, steps: steps)
    }

    /// The scene in a store with bare lists.
    static func bare(_ name: String = "", _ steps: KeyStep...) -> KeyScene {
        KeyScene(name: name, kinds: [.bare], steps: steps)
    }

    /// The scene in a store with a roster.
    static func roster(_ name: String = "", _ steps: KeyStep...) -> KeyScene {
        KeyScene(name: name, kinds: [.roster], steps: steps)
    }
}

/// A step of a scene.
enum KeyStep: Sendable {
    /// Something happens that is not of passel's doing: an attack, a pull, a key, a change of settings.
    case happens(String, @Sendable (Desk) throws -> Void)
    /// Alice writes.
    case write(Writing, Verdict)
    /// Alice tries every command that writes below a folder; each must end the same way.
    case everyWrite(below: String, Verdict)
    /// Alice runs another command, `$bob` meaning Bob's fingerprint.
    case run([String], Verdict)
    /// From here on these people, too, are acknowledged as readers of a folder; empty for the top.
    case acknowledged([String], in: String)
    /// The clock stands so many seconds after the moment in which something ends (before, if
    /// negative).
    case clock(Double, after: Moment)

    /// Moments in the lives of keys.
    enum Moment: Sendable {
        case bobExpires, carolsSubkeyExpires, aliceExpires, robotEnds, fayIsMade
    }

    /// `passel WORD…`.
    static func passel(_ words: String..., verdict: Verdict) -> KeyStep { .run(words, verdict) }

    /// Alice accepts or refuses what changed.
    static func review(_ decision: String, _ verdict: Verdict = .done) -> KeyStep {
        .run(["recipients", "review", "--" + decision], verdict)
    }
}

extension Double {
    /// So many days, in seconds.
    static func days(_ days: Double) -> Double { days * 86_400 }
    /// So many hours, in seconds.
    static func hours(_ hours: Double) -> Double { hours * 3600 }
}

/// How a command must end.
struct Verdict: Sendable {
    /// How a command may end.
    enum Ending: Sendable, Equatable {
        /// With this status.
        case status(Int32)
        /// With any status but 0.
        case failure
        /// However it does.
        case any
    }

    var ending = Ending.status(0)
    /// Whom the written entry is encrypted to, one packet each; nothing for commands that write none.
    var readers: [String]?
    /// What standard error (or, for commands that only report, standard output) has to contain.
    var says: [String] = []
    /// What it has to contain in a store with bare lists, where gpg itself has the word.
    var saysInBare: [String]?
    /// Whether a warning may be told.
    var mayWarn = false
    /// Files of the store that the step itself, not passel, may change.
    var changing: [String]?

    /// Written, for exactly these people.
    static func accepted(_ readers: String...) -> Verdict { Verdict(readers: readers) }
    /// Written for exactly these people, with a warning that says this.
    static func warned(_ text: String, _ readers: String...) -> Verdict {
        Verdict(readers: readers, says: ["warning: ", text], mayWarn: true)
    }
    /// Refused with an error that says this; the store is as it was.
    static func refused(_ text: String, changing files: [String] = []) -> Verdict {
        Verdict(ending: .failure, says: [text], mayWarn: true, changing: files)
    }
    /// As above, in the words of gpg where a bare list holds.
    static func refused(bare: String, roster: String) -> Verdict {
        var verdict = refused(roster)
        verdict.saysInBare = [bare]
        return verdict
    }
    /// Ended well.
    static let done = Verdict(mayWarn: true)
    /// Ended somehow; who got a ciphertext is what counts.
    static let ended = Verdict(ending: .any, mayWarn: true)
    /// Ended well, and said this.
    static func told(_ text: String) -> Verdict { Verdict(says: [text], mayWarn: true) }
    /// Ended with status 4, and said this; the store is as it was.
    static func attention(_ text: String) -> Verdict {
        Verdict(ending: .status(4), says: [text], mayWarn: true, changing: [])
    }
}

/// A command that writes, and the entry that it writes.
struct Writing: Sendable {
    let words: [String]
    let entry: String
    var input: String?
    /// A shell script that is the editor.
    var editor: String?

    /// `insert`, of a new entry or over an old one, and what is said to it besides.
    static func insert(_ entry: String, _ options: String...) -> Writing {
        Writing(words: ["insert", "-f", "-e"] + options + [entry], entry: entry, input: "value\n")
    }
    static func generate(_ entry: String, _ options: String...) -> Writing {
        Writing(words: ["generate"] + options + [entry, "12"], entry: entry)
    }
    static func edit(
        _ entry: String, _ options: String..., by editor: String = "echo more >> \"$1\""
    ) -> Writing {
        Writing(words: ["edit"] + options + [entry], entry: entry, editor: editor)
    }
    static func move(_ from: String, _ to: String, entry: String? = nil) -> Writing {
        Writing(words: ["mv", from, to], entry: entry ?? to)
    }
    static func copy(_ from: String, _ to: String, entry: String? = nil) -> Writing {
        Writing(words: ["cp", from, to], entry: entry ?? to)
    }

    /// Everything that writes into a folder, which has this entry.
    static func all(below folder: String, _ entry: String) -> [Writing] {
        [
            .insert("\(folder)/new"), .insert("\(folder)/\(entry)"), .generate("\(folder)/new"),
            .generate("\(folder)/\(entry)", "-i"), .edit("\(folder)/\(entry)"),
            .move("\(folder)/\(entry)", "\(folder)/new"),
            .copy("\(folder)/\(entry)", "\(folder)/new"), .copy("own/diary", "\(folder)/new"),
            .move("own/diary", "\(folder)/new"),
            .move(folder, "\(folder)2", entry: "\(folder)2/\(entry)"),
            .copy(folder, "\(folder)3", entry: "\(folder)3/\(entry)"),
        ]
    }
}
