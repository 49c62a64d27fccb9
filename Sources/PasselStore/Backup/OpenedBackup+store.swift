import PasselCore
import PasselGit
import PasselPosix

extension OpenedBackup {
    /// The store that is in it, put together beside its members.
    ///
    /// - Throws: a `Problem` when its history cannot be taken out.
    func makeStore(_ environment: ProcessEnvironment) throws -> Path {
        guard let head = info.head else { return contents / BackupMember.store }
        let place = contents.parent / "store"
        _ = try DurableFile.makeFolder(place)
        let git = try GitTool(environment: environment)
        let failure: Text = "\(file.path): the history in it cannot be taken out"
        try git.run(["init", "--quiet", "--template=", "."], in: place, failure: failure)
        let bundle = Files.absolute(contents / BackupMember.bundle)
        let references = try git.output(
            ["bundle", "unbundle", bundle.repaired], in: place, failure: failure)
        var commands: [UInt8] = []
        var detached: [UInt8]?
        for line in references.split(separator: .newline) {
            let words = line.split(separator: 0x20, maxSplits: 1)
            guard words.count == 2 else { throw Problem(failure) }
            if words[1].elementsEqual("HEAD".utf8) {
                detached = Array(words[0])
                continue
            }
            commands += Array("create ".utf8) + words[1] + [0x20] + words[0] + [.newline]
        }
        try git.run(["update-ref", "--stdin"], in: place, failure: failure, input: commands)
        if head.starts(with: "refs/".utf8) {
            try git.run(
                ["symbolic-ref", "HEAD", String(decoding: head, as: UTF8.self)], in: place,
                failure: failure)
        } else if let detached {
            try git.run(
                ["update-ref", "--no-deref", "HEAD", String(decoding: detached, as: UTF8.self)],
                in: place, failure: failure)
        }
        try checkOut(place, git, failure)
        for name in info.removed {
            guard isInside(name) else { throw Problem(failure) }
            Scratch.remove(place / name)
        }
        let uncommitted = contents / BackupMember.uncommitted
        if FileStatus.isFolder(uncommitted) { try Self.move(uncommitted, over: place) }
        return place
    }

    /// Writes the files of the newest commit, byte for byte: what attributes say of line ends and
    /// filters is for other programs.
    private func checkOut(_ place: Path, _ git: GitTool, _ failure: Text) throws {
        let attributes = place / ".git/info/attributes"
        _ = try DurableFile.makeFolder(attributes.parent)
        let plain = "* -text -eol -ident -filter -working-tree-encoding\n"
        try PrivateFile.replace(attributes, by: Array(plain.utf8), durable: false)
        try git.run(["reset", "--hard", "--quiet"], in: place, failure: failure)
        try DurableFile.remove(attributes)
    }

    private func isInside(_ name: Path) -> Bool {
        !name.isAbsolute && !name.components.isEmpty
            && name.components.allSatisfy {
                !$0.elementsEqual("..".utf8) && !$0.elementsEqual(".git".utf8)
            }
    }

    /// Puts the files of a folder in the places that they have in another one.
    private static func move(_ folder: Path, over place: Path) throws {
        for name in try Files.names(in: folder) {
            let (from, to) = (folder / name.bytes, place / name.bytes)
            guard !name.bytes.elementsEqual(".git".utf8) else { continue }
            let isFolder = try FileStatus(of: from, following: false)?.kind == .folder
            if isFolder {
                if try FileStatus(of: to, following: false).map({ $0.kind != .folder }) ?? false {
                    try DurableFile.remove(to)
                }
                _ = try DurableFile.makeFolder(to)
                try move(from, over: to)
            } else {
                try DurableFile.move(from, to: to)
            }
        }
    }

    /// Whether every object of the history is whole, and what leads to it.
    ///
    /// - Throws: a `Problem` when one is not.
    func checkObjects(_ place: Path, _ environment: ProcessEnvironment, full: Bool) throws {
        guard info.head != nil else { return }
        try GitTool(environment: environment).run(
            ["fsck", "--no-dangling", "--no-progress", full ? "--full" : "--connectivity-only"],
            in: place, failure: "\(file.path): an object of the history in it is damaged or missing"
        )
    }

    /// Acknowledges what was acknowledged of the store when its backup was made, for the store at
    /// `place`; not where this machine knows that store already, and not by somebody else's word.
    func restorePins(for place: Path, _ store: Store) throws {
        guard isOwn, let state = store.settings.stateFolder,
            let content = try Files.readIfPresent(contents / BackupMember.pins)
        else { return }
        let folder = StateFolder(state, store: place)
        guard try FileStatus(of: folder.path) == nil else { return }
        let pins = try Pins(content, path: contents / BackupMember.pins)
        let keyring = PrivateKeyring(folder: folder, cipher: store.cipher)
        for (fingerprint, digest) in pins.keys {
            let file = try Files.read(contents / BackupMember.keys / fingerprint.bytes)
            // Without one of the keys the store is looked at as if for the first time.
            guard Digest(of: file) == digest else { return }
            try keyring.keep(file)
        }
        try StoredPins(folder: folder, root: place).save(pins)
    }
}
