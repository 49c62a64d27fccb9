public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// A place to exchange the store with.
    public struct Remote {
        /// What it is called.
        public let name: Text
        /// Where it is, without a password that stands in it.
        public let shownURL: Text
        /// What is exchanged with it.
        public let policy: RemotePolicy
        /// How it went the last time.
        public let state: RemoteStates.State
    }

    /// The places to exchange with, sorted by name; the network is not asked.
    ///
    /// - Throws: `NotInitialised`; a `Problem` when the store has no history or a policy is none.
    public func remotes() throws -> [Remote] {
        let states = try remoteStates()
        return try repositoryForSync().remotes().map { remote in
            Remote(
                name: remote.name, shownURL: Self.withoutPassword(remote.url),
                policy: try RemotePolicy(of: remote),
                state: states.states[remote.name] ?? RemoteStates.State())
        }
    }

    /// Adds a place to exchange with; the network is not asked.
    public func addRemote(_ name: Text, url: Text, policy: RemotePolicy) throws {
        let repository = try repositoryForSync()
        guard try !repository.remotes().contains(where: { $0.name == name }) else {
            throw Problem(
                "there is a remote \(name) already",
                hints: [
                    "give it another place: passel git remote set-url \(ShellWord.text(name.bytes)) URL"
                ])
        }
        try exclusively {
            try repository.addRemote(name, url: url)
            guard policy != .sync else { return }
            try repository.setConfiguration(
                "remote.\(name).passelPolicy", Text(policy.rawValue.utf8))
        }
    }

    /// Forgets a place to exchange with, and everything that is known of it.
    public func removeRemote(_ name: Text) throws {
        let repository = try repositoryForSync()
        guard try repository.remotes().contains(where: { $0.name == name }) else {
            throw Problem("there is no remote \(name)", hints: ["passel remote ls"])
        }
        try exclusively {
            try repository.removeRemote(name)
            let quarantine = "refs/passel/incoming/" + String(decoding: name.bytes, as: UTF8.self)
            if let head = try repository.reference(quarantine) {
                try repository.setReference(
                    quarantine, to: nil, from: head, log: "passel remote rm")
            }
            guard let folder = storedPins?.folder else { return }
            var states = try RemoteStates(in: folder)
            if states.states.removeValue(forKey: name) != nil { try states.save(in: folder) }
            guard var heads = try verifiedHeads(), heads.head(of: name) != nil else { return }
            heads.set(nil, of: name)
            try heads.save()
        }
    }

    /// A URL with `***` for the password between the name and the host.
    static func withoutPassword(_ url: Text) -> Text {
        let bytes = url.bytes
        guard let scheme = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[scheme...].starts(with: "://".utf8)
        else { return url }
        let start = scheme + 3
        let host = bytes[start...].prefix { $0 != .slash }
        guard let at = host.lastIndex(of: UInt8(ascii: "@")),
            let colon = host[..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return url }
        return Text(bytes[...colon] + "***".utf8 + bytes[at...])
    }
}
