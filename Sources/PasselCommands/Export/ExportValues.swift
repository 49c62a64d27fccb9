import PasselCore
import PasselStore

/// The values that words ask for, as a format takes them.
struct ExportValues {
    let session: Session
    let form: ExportForm

    /// A value with what else there is to know of it.
    struct Value {
        let item: ExportItem
        /// What the store has.
        let stored: Secret
        let reference: Reference
        /// Whether it is a token, so that the log is told.
        let isToken: Bool
        /// When it ends, if it was made for this and ends.
        var ends: Int64?
        /// What it was narrowed to; nothing where it is what the store has.
        var limits: Text?
    }

    /// The values, in the order of the words; all entries are read together.
    ///
    /// - Throws: a `Problem` for the first that is not there or cannot be read.
    func read(_ words: [ExportWord]) throws -> [Value] {
        let texts = try session.store.texts(of: words.map(\.reference.name))
        return try words.compactMap { word in
            try texts[word.reference.name].map { try value(word, $0.get()) }
        }
    }

    private func value(_ word: ExportWord, _ text: EntryText) throws -> Value {
        let stored = try text.value(of: word.reference, at: session.now)
        let finding = text.isOpaque ? nil : stored.tokenFinding
        let narrowing = form.isNarrowed ? TokenNarrowing(form, now: session.now) : nil
        let made = try narrowing?.made(of: stored, word.reference.name, session)
        let name = try name(word, kind: TokenMetadata(text)[.kind].last ?? finding?.kind)
        return Value(
            item: item(name, made ?? stored, of: word.reference, text, finding), stored: stored,
            reference: word.reference,
            isToken: TokenMetadata(text).isToken || finding?.certainty == .certain,
            ends: made.flatMap { PyPIToken($0)?.expires?.second }, limits: narrowing?.limits)
    }

    /// A value under a name, with what its entry says of it.
    ///
    /// - Parameter url: the service's address, where that is known better.
    func item(
        _ name: Text, _ value: Secret, of reference: Reference, _ text: EntryText, url: Text? = nil
    ) -> ExportItem {
        item(name, value, of: reference, text, text.isOpaque ? nil : value.tokenFinding, url: url)
    }

    private func item(
        _ name: Text, _ value: Secret, of reference: Reference, _ text: EntryText,
        _ finding: TokenFinding?, url: Text? = nil
    ) -> ExportItem {
        let metadata = TokenMetadata(text)
        let kind = metadata[.kind].last ?? finding?.kind
        let user =
            finding?.implied[.username] ?? metadata[.username].last ?? field(text, "user")
            ?? field(text, "login") ?? (Self.indexes.contains(kind) ? "__token__" : nil)
        return ExportItem(
            name: name, entry: Text(reference.name.bytes), reference: reference.spelling,
            value: value, kind: kind,
            url: url ?? metadata[.url].last ?? finding?.implied[.url] ?? address(kind),
            username: user)
    }

    private func field(_ text: EntryText, _ key: String) -> Text? {
        text.fields.last { $0.key.bytes.map(\.asciiLowercased).elementsEqual(key.utf8) }?.value
    }

    /// The indexes that take a token in the place of a password.
    private static let indexes: [Text?] = ["pypi", "testpypi"]

    /// Where tokens of a kind are taken, whatever they look like.
    private func address(_ kind: Text?) -> Text? {
        switch kind {
        case "pypi": "https://upload.pypi.org/legacy/"
        case "testpypi": "https://test.pypi.org/legacy/"
        case "npm": "https://registry.npmjs.org/"
        default: nil
        }
    }

    /// What a value is called there.
    private func name(_ word: ExportWord, kind: Text?) throws -> Text {
        let name = word.name ?? usualName(word.reference.name, kind: kind)
        guard [.envrc, .dotenv].contains(form.format) else { return name }
        guard let variable = VariableName(name.bytes) else {
            throw Problem(
                "\(ShellWord.text(name.bytes)) cannot be a variable's name",
                hints: ["use letters, digits and _, no digit first"])
        }
        guard !variable.changesHowProgramsRun else {
            throw Problem(
                "\(name) changes how programs run, so it is not set from an entry",
                hints: ["name another one: OTHER_NAME=\(word.reference.spelling)"])
        }
        return name
    }

    /// What a value is called where nobody said so.
    private func usualName(_ entry: Path, kind: Text?) -> Text {
        switch form.format {
        case .pypirc: kind.flatMap { Self.indexes.contains($0) ? $0 : nil } ?? Text(entry.name)
        case .netrc, .npmrc, .pip, .dockerConfig: Text(entry.name)
        case .envrc, .dotenv, .docker, .compose, .kubernetes, .json: VariableName(for: entry).text
        case .template: Text(entry.bytes)
        }
    }
}

extension ExportValues.Value {
    /// What the log is told; nothing of what is no token.
    func event(_ form: ExportForm, place: Text?) -> EventDraft? {
        guard isToken else { return nil }
        var draft = EventDraft(limits == nil ? .updated : .narrowed, reference.name)
        draft.oldLastFour = limits == nil ? nil : stored.lastFour
        draft.newLastFour = item.value.lastFour
        let format = Text(form.format.rawValue.utf8)
        if let place {
            draft.locations = ["\(format):\(place)#\(item.name)"]
        }
        draft.result =
            place == nil
            ? (["printed as \(format)"] + (limits.map { [$0] } ?? [])).joined(separator: ", ")
            : limits
        return draft
    }
}
