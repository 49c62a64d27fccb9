import PasselCore

/// A secret of GitHub, or all of one repository, environment or organisation.
struct GitHubPlace {
    /// Whether others than those of one repository may read it.
    let isOrganisation: Bool
    /// Whether its numbers are texts there.
    let isDependabot: Bool
    /// What secrets are below, such as `/repos/OWNER/NAME/actions/secrets`.
    let secrets: [UInt8]
    /// What is called so, for messages.
    let holder: Text
    /// The secret's name; empty for all of them.
    let name: [UInt8]

    /// The secret that a location means: `OWNER/REPOSITORY/NAME`, or `orgs/ORGANISATION/NAME`, with
    /// `dependabot`, `codespaces` or `environments/ENVIRONMENT` before the name.
    ///
    /// - Throws: a `BackendFailure` for what can be none.
    init(_ location: Location) throws {
        guard location.field == nil else {
            throw BackendFailure(.validation, "a secret has one value: leave #FIELD out")
        }
        try self.init(location.place)
        guard VariableName(name) != nil, name.count <= 255 else {
            throw BackendFailure(
                .validation, "a secret's name has letters, digits and _, no digit first")
        }
        guard !name.map(\.asciiLowercased).starts(with: "github_".utf8) else {
            throw BackendFailure(.validation, "names that begin with GITHUB_ are GitHub's own")
        }
    }

    /// The place in which all secrets are that a folder means.
    init(folder: Location) throws { try self.init(folder.place) }

    private init(_ place: Text) throws {
        let parts = place.bytes.split(separator: .slash, omittingEmptySubsequences: false)
            .map(Array.init)
        func failure() -> BackendFailure {
            BackendFailure(
                .validation,
                "a place is OWNER/REPOSITORY/NAME, OWNER/REPOSITORY/environments/ENVIRONMENT/NAME or orgs/ORGANISATION/NAME"
            )
        }
        guard parts.count >= 3, let last = parts.last,
            parts.dropLast().allSatisfy({ part in
                !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
            })
        else { throw failure() }
        func path(_ parts: some Sequence<[UInt8]>) -> [UInt8] {
            parts.flatMap { [.slash] + Self.encoded($0) }
        }
        let isOrganisation = parts[0].elementsEqual("orgs".utf8)
        let owner = path(isOrganisation ? parts[..<2] : [Array("repos".utf8)] + parts[..<2])
        let kind = parts.count > 3 ? String(decoding: parts[2], as: UTF8.self) : "actions"
        switch (kind, parts.count) {
        case ("actions", 3), ("actions", 4), ("dependabot", 4), ("codespaces", 4):
            secrets = owner + Array("/\(kind)/secrets".utf8)
        case ("environments", 5...) where !isOrganisation:
            // An environment's name may have slashes itself.
            let environment = parts[3..<(parts.count - 1)].joined(separator: [.slash])
            secrets =
                owner + Array("/environments/".utf8) + Self.encoded(Array(environment))
                + Array("/secrets".utf8)
        default: throw failure()
        }
        self.isOrganisation = isOrganisation
        isDependabot = kind == "dependabot"
        holder = Text(Array(parts.dropLast().joined(separator: [.slash])))
        name = last
    }

    /// One part of a path.
    private static func encoded(_ part: [UInt8]) -> [UInt8] {
        Array(
            PercentEncoding.encode(part).split(separator: .slash, omittingEmptySubsequences: false)
                .joined(separator: "%2F".utf8))
    }

    /// Where the secret is asked for.
    var path: [UInt8] { secrets + [.slash] + name }
}
