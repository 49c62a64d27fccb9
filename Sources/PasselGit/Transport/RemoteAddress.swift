import PasselCore
import PasselPosix

/// A place that git fetches from or pushes to, taken apart as git does.
struct RemoteAddress: Equatable {
    enum Kind: Equatable {
        case ssh, http, https, git
        /// A folder, or a bundle, of this machine.
        case local
        /// Whatever a `git-remote-…` program makes of it.
        case other
    }

    var kind: Kind
    var user: [UInt8]?
    var password: [UInt8]?
    /// Without the brackets of an IPv6 address.
    var host: [UInt8] = []
    var port: Int?
    var path: [UInt8] = []

    init(_ url: [UInt8]) {
        guard let separator = url.indices.first(where: { url[$0...].starts(with: "://".utf8) })
        else {
            self = Self.withoutScheme(url)
            return
        }
        kind =
            switch String(decoding: url[..<separator], as: UTF8.self).lowercased() {
            case "ssh", "git+ssh", "ssh+git": .ssh
            case "https": .https
            case "http": .http
            case "git": .git
            case "file": .local
            default: .other
            }
        let rest = url[(separator + 3)...]
        let authority = rest.prefix { $0 != .slash }
        path = Array(rest[authority.endIndex...])
        if kind != .local { take(authority) }
    }

    /// `user@host:path`, `helper::address`, or a path.
    private static func withoutScheme(_ url: [UInt8]) -> RemoteAddress {
        var address = RemoteAddress(kind: .local)
        address.path = url
        let head = url.prefix { $0 != .slash }
        guard let colon = head.firstIndex(of: .colon) else { return address }
        // Only behind a word: two colons are also in an IPv6 address.
        if url[(colon + 1)...].first == .colon, head[..<colon].allSatisfy(\.isInScheme) {
            address.kind = .other
            return address
        }
        address.kind = .ssh
        // The port of `[host:port]:path` is rare enough to be left in the name.
        let end = head.lastIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? colon
        address.path = Array(url[end...].dropFirst())
        address.take(url[..<end])
        return address
    }

    private init(kind: Kind) { self.kind = kind }

    private mutating func take(_ authority: ArraySlice<UInt8>) {
        var rest = authority
        if let end = rest.lastIndex(of: UInt8(ascii: "@")) {
            let parts = rest[..<end].split(
                separator: .colon, maxSplits: 1, omittingEmptySubsequences: false)
            user = parts.first.map { PercentEncoding.decodeLeniently($0) }
            password = parts.dropFirst().first.map { PercentEncoding.decodeLeniently($0) }
            rest = rest[(end + 1)...]
        }
        if rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) {
            host = Array(rest[..<end].dropFirst())
            rest = rest[(end + 1)...]
        } else {
            host = Array(rest.prefix { $0 != .colon })
            rest = rest.dropFirst(host.count)
        }
        port = Int(String(decoding: rest.dropFirst(), as: UTF8.self))
    }

    /// The port that is spoken to.
    var effectivePort: Int {
        if let port { return port }
        return switch kind {
        case .ssh: 22
        case .https: 443
        case .http: 80
        case .git: 9418
        default: 0
        }
    }

    /// Whether credentials for one may be shown to the other.
    func isSameServer(as other: RemoteAddress) -> Bool {
        kind == other.kind && effectivePort == other.effectivePort
            && host.map(\.asciiLowercased) == other.host.map(\.asciiLowercased)
    }

    /// The file of this machine that it names, seen from `folder`, if it names one.
    func file(from folder: Path) -> Path? {
        guard kind == .local else { return nil }
        let file = Path(path)
        return file.isAbsolute ? file : folder / file
    }

    /// Whether it is a bundle: one file that holds a repository as it was.
    func isBundle(from folder: Path) -> Bool { file(from: folder).map(FileStatus.isFile) ?? false }
}

extension UInt8 {
    fileprivate static let colon = UInt8(ascii: ":")

    /// Whether git takes it for a part of a scheme (`is_urlschemechar`).
    fileprivate var isInScheme: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
