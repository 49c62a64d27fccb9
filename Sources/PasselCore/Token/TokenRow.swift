/// A line of the table of tokens: how one kind is known, checked and explained.
struct TokenRow: Sendable {
    /// A look at what is in a token.
    typealias Explainer = @Sendable (UnsafeRawBufferPointer, inout TokenFinding) -> Void
    /// Whether a checksum fits; nothing when there is none after all.
    typealias Checker = @Sendable (UnsafeRawBufferPointer) -> Bool?
    /// Whether the whole is of the kind, where no form in one line says so.
    typealias Recogniser = @Sendable (UnsafeRawBufferPointer) -> Bool

    let kind: Text
    let title: Text
    /// What it begins with.
    let start: [UInt8]
    /// The forms that what follows has.
    let shapes: [TokenShape]
    let recognises: Recogniser?
    /// How much its beginning says.
    let mark: Mark
    let check: Checker
    let explain: Explainer
    let implied: [TokenField: Text]

    /// How much the beginning of a token says.
    enum Mark: Sendable {
        /// Nothing else begins so: what has not the form was mistyped.
        case sure
        /// Only with the form it is such a token.
        case withForm
        /// Other things have the same form.
        case vague
    }

    init(
        _ kind: Text, _ title: Text, _ start: String, _ shapes: TokenShape..., mark: Mark = .sure,
        check: @escaping Checker = { _ in nil }, url: Text? = nil, username: Text? = nil,
        revoke: Text? = nil, recognises: Recogniser? = nil,
        explain: @escaping Explainer = { _, _ in }
    ) {
        self.kind = kind
        self.title = title
        self.start = Array(start.utf8)
        self.shapes = shapes
        self.recognises = recognises
        self.mark = mark
        self.check = check
        self.explain = explain
        var implied: [TokenField: Text] = [.kind: kind]
        implied[.url] = url
        implied[.username] = username
        implied[.revokeURL] = revoke
        self.implied = implied
    }

    enum Match {
        /// Beginning and form.
        case whole
        /// The beginning only.
        case start
    }

    func match(_ bytes: UnsafeRawBufferPointer) -> Match? {
        guard bytes.starts(with: start) else { return nil }
        if let recognises { return recognises(bytes) ? .whole : .start }
        let rest = bytes[start.count...]
        return shapes.contains { $0.matches(rest) } ? .whole : .start
    }
}
