import PasselCore
import PasselGit

/// What a look at all files found, against the files of a commit: those that are as they should be
/// are only counted.
struct FileComparison: Sendable {
    /// A file of which there may be something to tell.
    struct Odd: Sendable {
        /// Its name below the store.
        let name: [UInt8]
        let file: FileLook.File
        /// What is the matter with its name, or with that of a folder that it lies in.
        let nameFlaw: Text?
        let isEntry: Bool
    }

    /// How many entries there are.
    private(set) var entries = 0
    /// How many files of the commit there are, whatever is in them.
    private(set) var known = 0
    /// Sorted by folder, then by name.
    private(set) var odd: [Odd] = []

    init(_ look: FileLook, _ committed: [[UInt8]: GitID]) {
        for folder in look.folders.sorted(by: { $0.prefix.precedes($1.prefix) }) {
            let folderFlaw = Path(folder.prefix).components.lazy
                .compactMap { NamePolicy.flaw(ofPart: $0[...])?.text }.first
            let hasEntries =
                FilePolicy.kind(of: folder.prefix + Array("a.gpg".utf8)) == .entry
            for file in folder.files {
                let name = folder.prefix + file.name
                let id = committed[name]
                if id != nil { known += 1 }
                let isEntry = hasEntries && file.message != nil
                if isEntry { entries += 1 }
                let flaw = folderFlaw ?? NamePolicy.flaw(ofPart: file.name[...])?.text
                if let id, id == file.id, flaw == nil, !(isEntry && file.isFlawed) { continue }
                odd.append(Odd(name: name, file: file, nameFlaw: flaw, isEntry: isEntry))
            }
        }
    }
}

extension FileLook.File {
    /// Whether it is called like an entry, and is no message.
    fileprivate var isFlawed: Bool {
        if case .flawed = message { true } else { false }
    }
}
