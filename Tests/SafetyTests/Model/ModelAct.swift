/// What is done on one machine in one step.
enum ModelAct: String, CaseIterable, Sendable {
    case insert, field, secret, edit, move, delete, recipients, review, resolve, undo, sync

    /// How often it is drawn, in hundredths.
    var weight: Int {
        switch self {
        case .insert: 16
        case .field: 16
        case .secret: 12
        case .edit: 5
        case .move: 8
        case .delete: 5
        case .recipients: 4
        case .review: 5
        case .resolve: 3
        case .undo: 3
        case .sync: 23
        }
    }

    static func drawn(_ random: inout ModelRandom) -> ModelAct {
        var left = random.number(0...(allCases.reduce(0) { $0 + $1.weight } - 1))
        for act in allCases {
            left -= act.weight
            if left < 0 { return act }
        }
        return .sync
    }

    /// Whether it takes in what others did.
    var takesIn: Bool { self == .sync }
}

/// The words of one call of passel.
struct ModelCall: Sendable {
    let act: ModelAct
    let arguments: [String]
    var input = ""
    /// What the editor is to make of the entry.
    var text: String?

    var shown: String { ([act.rawValue + ":"] + arguments).joined(separator: " ") }
}

/// Draws what somebody does next.
struct ModelDraft {
    let state: ModelState
    let person: String
    let people: ModelPeople
    /// Whether the team has a roster.
    let hasRoster: Bool
    /// A number that no word has yet.
    var nextWord: () -> String

    private static let folders = ["web", "ops", "a b/ü"]
    /// So few that two people often mean the same one.
    private static let names: [String] =
        (0..<6).map { "top\($0)" }
        + folders.flatMap { folder in (0..<6).map { "\(folder)/s\($0)" } }

    /// The entries that the person can read.
    private var readable: [String] {
        state.entries.filter { state.readers($0).contains(people.keyIDs[person] ?? "-") }
    }

    func call(_ act: ModelAct, _ random: inout ModelRandom) -> ModelCall? {
        switch act {
        case .insert:
            guard state.entries.count < 40 else { return call(.delete, &random) }
            let free = Self.names.filter { state.texts[$0] == nil }
            guard let name = random.element(free) else { return nil }
            return ModelCall(act: act, arguments: ["insert", "-m", name], input: newText())
        case .field, .secret, .edit: return edit(act, &random)
        case .move:
            let free = Self.names.filter { state.texts[$0] == nil }
            guard let old = random.element(readable), let new = random.element(free) else {
                return nil
            }
            return ModelCall(act: act, arguments: ["mv", old, new])
        case .delete:
            guard let name = random.element(state.entries) else { return nil }
            return ModelCall(act: act, arguments: ["rm", "-f", name])
        case .recipients: return recipients(&random)
        case .review: return ModelCall(act: act, arguments: ["recipients", "review", "--accept"])
        case .resolve:
            let kept = state.entries.filter { $0.contains(".conflict-") }
            let ways = ["--ours", "--theirs", "--keep-both"]
            guard let name = random.element(kept), let way = random.element(ways) else {
                return nil
            }
            return ModelCall(act: act, arguments: ["conflicts", "resolve", name, way])
        case .undo: return ModelCall(act: act, arguments: ["undo"])
        case .sync: return ModelCall(act: act, arguments: ["sync"])
        }
    }

    private func newText() -> String {
        "\(nextWord())\nuser: \(nextWord())\nurl: https://\(nextWord())\nnote \(nextWord())\n"
    }

    private func edit(_ act: ModelAct, _ random: inout ModelRandom) -> ModelCall? {
        guard let name = random.element(readable), let text = state.texts[name] else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        guard !lines.isEmpty else { return nil }
        switch act {
        case .secret: lines[0] = nextWord()
        default:
            let key = random.element(["user", "url", "mail", "port"]) ?? "user"
            let line = "\(key): \(nextWord())"
            if let index = lines.firstIndex(where: { $0.hasPrefix(key + ": ") }) {
                lines[index] = line
            } else {
                lines.insert(line, at: 1)
            }
            if act == .edit, random.percent(50) { lines.append("note \(nextWord())") }
        }
        let new = lines.joined(separator: "\n") + "\n"
        return act == .edit
            ? ModelCall(act: act, arguments: ["edit", name], text: new)
            : ModelCall(act: act, arguments: ["insert", "-m", "-f", name], input: new)
    }

    /// Dave comes and goes everywhere, carol only in one folder: those who are to work can read.
    private func recipients(_ random: inout ModelRandom) -> ModelCall? {
        let folder = random.percent(50) ? "ops" : "."
        let who = folder == "ops" && random.percent(50) ? "carol" : "dave"
        let list = state.lists[folder] ?? state.lists["."] ?? []
        let isIn = list.contains(who)
        guard let key = people.fingerprints[who] else { return nil }
        let path = folder == "." ? [] : ["-p", folder]
        guard hasRoster else {
            let wanted = isIn ? list.subtracting([who]) : list.union([who])
            let keys = wanted.compactMap { people.fingerprints[$0] }.sorted()
            return ModelCall(act: .recipients, arguments: ["init"] + path + keys)
        }
        guard person != "carol" else { return nil }
        return ModelCall(
            act: .recipients,
            arguments: ["recipients", isIn ? "rm" : "add", "--yes"] + path + [key])
    }
}
