/// From which releases on a program or library is without flaws that concern a store.
public struct SecurityRelease: Sendable {
    /// The program or library.
    public let program: Text
    /// The flaws, newest first.
    public let flaws: Text
    /// The first good release of every line of releases that got a correction.
    let releases: [ReleaseVersion]
    /// The first good package of Debian's releases, whose packages keep the number of the makers'
    /// release and get the correction alone.
    let debian: [Int: DebianVersion]

    private init(
        _ program: Text, _ flaws: Text, _ releases: [[Int]], debian: [Int: String]
    ) {
        self.program = program
        self.flaws = flaws
        self.releases = releases.map { ReleaseVersion($0) }
        self.debian = debian.mapValues { DebianVersion(Array($0.utf8)) }
    }

    /// Those that are known, from the makers' announcements and the packages' own lists of changes.
    ///
    /// gpg: reading of armour beyond its end. libgcrypt: a message that makes decryption write
    /// beyond its end. git: hooks that a clone with submodules brings along, prompts that lie about
    /// the host. libgit2: an address that runs commands through ssh, credentials after a redirect.
    public static let all = [
        SecurityRelease(
            "gpg", "CVE-2025-68973", [[2, 4, 9], [2, 5, 14]],
            debian: [12: "2.2.40-1.1+deb12u2"]),
        SecurityRelease(
            "libgcrypt", "CVE-2026-41989", [[1, 10, 4], [1, 11, 3], [1, 12, 2]],
            debian: [12: "1.10.1-3+deb12u1"]),
        SecurityRelease(
            "git", "CVE-2025-48384, CVE-2024-50349, CVE-2024-52006",
            [
                [2, 43, 7], [2, 44, 4], [2, 45, 4], [2, 46, 4], [2, 47, 3], [2, 48, 2],
                [2, 49, 1], [2, 50, 1],
            ], debian: [12: "1:2.39.5-0+deb12u3"]),
        SecurityRelease(
            "libgit2", "CVE-2026-5917, CVE-2026-53586, CVE-2024-24577", [[1, 9, 7]],
            debian: [12: "1.5.1+ds-1+deb12u2"]),
    ]

    /// Whether a release of the makers has the corrections; nothing for a line of releases of which
    /// that is not known.
    func isIn(_ version: ReleaseVersion) -> Bool? {
        guard let newest = releases.max() else { return nil }
        if version >= newest { return true }
        return releases.first { $0.line == version.line }.map { version >= $0 }
    }
}

/// A program or library as it is installed.
public struct InstalledProgram: Sendable, Equatable {
    /// Its name: one of those in `SecurityRelease.all`.
    public let name: Text
    /// The release that it says it is.
    public var version: ReleaseVersion?
    /// The package of Debian's kind that it is from.
    public var package: (name: Text, version: DebianVersion)?
    /// Whether the system's packages brought it: then corrections may have come without a new
    /// number.
    public var isPackaged = true

    /// A program of which nothing else is known.
    public init(_ name: Text) { self.name = name }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: InstalledProgram, right: InstalledProgram) -> Bool {
        left.name == right.name && left.version == right.version
            && left.package?.version == right.package?.version
            && left.isPackaged == right.isPackaged
    }
}

extension SecurityRelease {
    /// Whether what is installed has the corrections.
    ///
    /// - Parameter debian: the number of Debian's release; nothing on other systems.
    public func finding(_ installed: InstalledProgram, debian release: Int?) -> Finding {
        let shown =
            installed.package?.version.text ?? installed.version?.text ?? "of unknown version"
        func finding(_ state: Finding.State, _ text: Text, _ hints: [Text] = []) -> Finding {
            Finding(.version, program, state, text, hints: hints)
        }
        if let package = installed.package, let good = release.flatMap({ debian[$0] }) {
            guard package.version < good else {
                return finding(.ok, "\(shown) has no known flaw: \(flaws)")
            }
            return finding(
                .attention, "\(shown) has a known flaw: \(flaws), mended in \(good.text)",
                ["sudo apt-get update", "sudo apt-get install --only-upgrade \(package.name)"])
        }
        let version = installed.version ?? installed.package?.version.release
        let isGood = version.flatMap(isIn)
        if isGood == true { return finding(.ok, "\(shown) has no known flaw: \(flaws)") }
        let mended = releases.map(\.text).joined(separator: ", ")
        guard isGood == false, !installed.isPackaged else {
            return finding(
                .unknown,
                "\(shown): cannot tell whether it has the correction of \(mended) (\(flaws))",
                installed.package.map { ["apt-get changelog \($0.name)"] } ?? [])
        }
        return finding(
            .attention, "\(shown) has a known flaw: \(flaws), mended in \(mended)",
            ["install \(program) \(releases.max()?.text ?? "") or newer"])
    }
}
