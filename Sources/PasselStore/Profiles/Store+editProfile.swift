public import PasselCore
import PasselPosix

extension Store {
    /// The names of the store's profiles, sorted.
    public func profileNames() throws -> [Text] {
        let folder = root / Profile.folder
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder).filter {
            Profile.file(Text($0.bytes)) != nil && FileStatus.isFile(folder / $0.bytes)
        }.map { Text($0.bytes) }.sorted { $0.bytes.precedes($1.bytes) }
    }

    /// Changes the profile in a file below the store's top, and commits that.
    ///
    /// - Parameter edit: what it is to hold, by what it holds; nothing in it or of it where there is
    ///   none.
    /// - Throws: what `edit` throws, and as `profile` does; `NotInitialised` without a store.
    public func changeProfile(
        at file: Path, subject: Text, _ edit: (Secret?) throws -> Secret?
    ) throws {
        guard isThere else { throw NotInitialised() }
        try exclusively {
            let present = try profile(at: file)
            let wanted = try edit(present)
            guard wanted != present else { return }
            let step: FileChange =
                if let wanted {
                    .write(root / file, wanted.withBytes { Array($0) }, mode: .kept)
                } else {
                    .remove(root / file)
                }
            try Change(store: self, steps: [step], makesFolders: true, subject: { _ in subject })
                .perform()
        }
    }

    /// What profiles hold once entries have other names: what `rename` gives, nothing for those that
    /// keep theirs.
    func profileChanges(_ rename: (Path) -> Path?) throws -> [(name: Text, step: FileChange)] {
        try profiles().compactMap { name, file, text in
            // What is no profile names nothing, and is told where it is used.
            guard let new = (try? Profile.renaming(in: text, rename)) ?? nil else { return nil }
            return (name, .write(root / file, new.withBytes { Array($0) }, mode: .kept))
        }
    }

    /// Warns of profiles that name entries which are gone.
    func warnOfProfiles(naming isGone: (Path) -> Bool) throws {
        for (name, _, text) in try profiles() {
            // As above.
            let bindings = (try? Profile(text).bindings) ?? []
            for binding in bindings where isGone(binding.reference.name) {
                let variable = binding.variable.text
                observer.warned(
                    Problem(
                        "the profile \(name) gives \(variable) the value of \(binding.reference.spelling)",
                        hints: ["passel profile rm \(ShellWord.text(name.bytes)) \(variable)"]))
            }
        }
    }

    private func profiles() throws -> [(name: Text, file: Path, text: Secret)] {
        try profileNames().compactMap { name in
            // One that is not to be trusted is left as it is.
            guard let file = Profile.file(name), let text = (try? profile(at: file)) ?? nil else {
                return nil
            }
            return (name, file, text)
        }
    }
}
