import PasselCore
import PasselPosix

/// The pins of a store in its state folder, and those that a change of our own is about to make
/// true.
///
/// A change of lists first writes what will be acknowledged after it (`pins.next`), then changes
/// the store, then renames that file: whenever it is killed, one of the two files fits the store.
struct StoredPins {
    let folder: StateFolder
    let root: Path

    private static let current: Path = "pins"
    private static let coming: Path = "pins.next"

    /// Whether a change of lists is under way, or was when its program ended.
    var isChanging: Bool { FileStatus.isFile(folder.file(Self.coming)) }

    /// The pins; nothing when the store is seen for the first time.
    ///
    /// With `settling`, which needs the store's lock, the coming ones take their place if the store
    /// is as they say, and are forgotten if not.
    func load(settling: Bool) throws -> Pins? {
        let current = try read(Self.current)
        guard let coming = try read(Self.coming) else { return current }
        let fits = try fits(coming, other: current)
        if settling {
            if fits { try promote() } else { try folder.remove(Self.coming) }
        }
        return fits ? coming : current
    }

    /// Writes pins that hold from now on.
    func save(_ pins: Pins) throws { try folder.write(pins.content, to: Self.current) }

    /// Writes pins that hold once the store is as they say.
    func announce(_ pins: Pins) throws { try folder.write(pins.content, to: Self.coming) }

    /// Lets the announced pins hold.
    func promote() throws {
        try DurableFile.rename(folder.file(Self.coming), to: folder.file(Self.current))
    }

    private func read(_ name: Path) throws -> Pins? {
        let path = folder.file(name)
        return try Files.readIfPresent(path).map { try Pins($0, path: path) }
    }

    /// Whether the store has the lists and the roster by which `pins` differ from `other`.
    private func fits(_ pins: Pins, other: Pins?) throws -> Bool {
        for folder in Set(pins.lists.keys).union(other?.lists.keys ?? [:].keys)
        where pins.lists[folder] != other?.lists[folder] {
            let file = (folder == Roster.top ? root : root / folder) / ".gpg-id"
            guard try Files.readIfPresent(file) == pins.lists[folder] else { return false }
        }
        return try Files.readIfPresent(root / Roster.file) == pins.roster?.content
    }
}
