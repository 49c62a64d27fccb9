/// A token of PyPI or TestPyPI: a macaroon behind `pypi-`.
public struct PyPIToken {
    private static let start = "pypi-"
    private let binary: Secret
    let macaroon: Macaroon

    /// Reads a token; nothing when it is none, or damaged.
    public init?(_ token: Secret) {
        let binary = token.withBytes { bytes -> Secret? in
            guard bytes.starts(with: Self.start.utf8) else { return nil }
            return Base64.decode(bytes[Self.start.utf8.count...], .url)
        }
        guard let binary, let macaroon = binary.withBytes({ Macaroon($0) }) else { return nil }
        self.binary = binary
        self.macaroon = macaroon
    }

    /// The restrictions that are understood.
    var caveats: [PyPICaveat] { macaroon.caveats.compactMap { PyPICaveat($0.text) } }

    /// From when on it is good no more, if it says.
    public var expires: Instant? {
        caveats.compactMap { caveat -> Int64? in
            if case .times(_, let expires) = caveat { expires } else { nil }
        }.min().flatMap { Instant(claimed: $0) }
    }

    /// From when on it is good, if it says.
    public var notBefore: Instant? {
        caveats.compactMap { caveat -> Int64? in
            if case .times(let start, _) = caveat { start } else { nil }
        }.max().flatMap { Instant(claimed: $0) }
    }

    /// The only projects it is good for, by normalised names; nothing when it does not say.
    public var projects: [Text]? {
        caveats.reduce(nil) { (known: [Text]?, caveat) in
            guard case .projects(let given) = caveat else { return known }
            let names = given.map(Self.normalised)
            return known.map { $0.filter(names.contains) } ?? names
        }
    }

    /// A project's name as PyPI compares it: small letters, and one dash for each run of `-`, `_`
    /// and `.`.
    public static func normalised(_ name: Text) -> Text {
        var result: [UInt8] = []
        for byte in name.bytes {
            let letter = "-_.".utf8.contains(byte) ? UInt8(ascii: "-") : byte.asciiLowercased
            if letter != UInt8(ascii: "-") || result.last != letter { result.append(letter) }
        }
        return Text(result)
    }

    /// Whether a project can have this name: letters and digits, and `-`, `_` and `.` between them.
    public static func isProjectName(_ name: Text) -> Bool {
        let isWord = { (byte: UInt8) in ByteClass.base62.contains(byte) }
        guard let first = name.bytes.first, let last = name.bytes.last else { return false }
        return isWord(first) && isWord(last)
            && name.bytes.allSatisfy { isWord($0) || "-_.".utf8.contains($0) }
    }

    /// A token that may do less and can be told apart: good for the projects only, and in that time
    /// only, of what this one is good for.
    ///
    /// It needs no network, and nobody can take the restrictions away again.
    public func narrowed(to projects: [Text], times: (notBefore: Instant, expires: Instant)?)
        -> Secret
    {
        var caveats: [PyPICaveat] = []
        if !projects.isEmpty { caveats.append(.projects(projects.map(Self.normalised))) }
        if let times {
            caveats.append(
                .times(notBefore: times.notBefore.second, expires: times.expires.second))
        }
        let narrowed = Macaroon.narrowed(binary, by: caveats.map(\.encoded)) ?? binary
        let text = narrowed.withBytes { Base64.encode($0, .url) }
        return Secret(joining: [Secret(plain: Self.start), text])
    }

    // MARK: What is told of it

    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard let token = PyPIToken(Secret(copying: bytes)) else { return finding.setMistyped() }
        token.explain(&finding)
    }

    private func explain(_ finding: inout TokenFinding) {
        finding.claim("location", macaroon.location.map { Text($0) })
        finding.claim("identifier", Text(macaroon.identifier))
        var isScopeStated = false
        for caveat in macaroon.caveats {
            switch caveat.isForeign ? nil : PyPICaveat(caveat.text) {
            case .times: continue
            case .projects(let names):
                isScopeStated = true
                finding.claim("projects", names)
            case .projectIDs(let ids):
                isScopeStated = true
                finding.claim("project-ids", ids)
            case .user(let id):
                finding.claim("user", id)
            case .publisher(let id): finding.claim("publisher", id)
            case .account:
                isScopeStated = true
                finding.claim("scope", "the whole account")
            case nil:
                finding.claim("unknown", Text(caveat.text))
                finding.warnings.append(
                    "carries a restriction that is not known: it is probably unusable")
            }
        }
        // PyPI keeps restrictions of its own: none in the token is no proof that there are none.
        if !isScopeStated { finding.claim("scope", "not stated in the token") }
        finding.expires = expires
        finding.notBefore = notBefore
    }

    /// A macaroon of somebody else's, whose restrictions are shown as they are.
    static func explainOther(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")),
            let binary = Base64.decode(bytes[(dash + 1)...], .url),
            let macaroon = binary.withBytes({ Macaroon($0) })
        else { return finding.setMistyped() }
        finding.claim("location", macaroon.location.map { Text($0) })
        finding.claim("identifier", Text(macaroon.identifier))
        if !macaroon.caveats.isEmpty {
            finding.claim("restrictions", macaroon.caveats.map { Text($0.text) })
        }
    }
}
