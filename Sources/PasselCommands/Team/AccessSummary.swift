import PasselCore
import PasselStore

/// Who can read what, in as few lines as tell everything: a folder in one where all in it are alike.
struct AccessSummary {
    /// Entries that are told together, under one name.
    struct Line: Equatable {
        let name: Text
        /// How many entries it stands for; nothing for an entry by itself.
        var count: Int?
        var readers: [Addressee]
        var flaw: Text?
    }

    private(set) var lines: [Line] = []
    private let each: Bool

    /// Sums up entries sorted by name, which lie at or below `place`; with `each` every entry gets a
    /// line of its own.
    init(_ entries: [EntryReaders], at place: Path, each: Bool = false) {
        self.each = each
        guard !place.isEmpty else {
            add(entries[...], below: [])
            return
        }
        let folder = place.bytes + [.slash]
        add(each: entries.filter { $0.name.bytes == place.bytes })
        add(entries.filter { $0.name.bytes.starts(with: folder) }[...], below: folder)
    }

    private mutating func add(each entries: [EntryReaders]) {
        lines += entries.map { Line(name: $0.name, readers: $0.readers, flaw: $0.flaw) }
    }

    /// Adds what lies in a folder, whose name ends in a slash unless it is the top.
    private mutating func add(_ entries: ArraySlice<EntryReaders>, below folder: [UInt8]) {
        guard !each else { return add(each: Array(entries)) }
        if let line = line(entries, folder.isEmpty ? "/" : Text(folder)) {
            lines.append(line)
            return
        }
        let own = entries.filter { !$0.name.bytes.dropFirst(folder.count).contains(.slash) }
        if let line = line(own[...], Text(folder + [UInt8(ascii: "*")])) {
            lines.append(line)
        } else {
            add(each: own)
        }
        var rest = entries[...]
        while let first = rest.first {
            let part = first.name.bytes.dropFirst(folder.count)
            guard let slash = part.firstIndex(of: .slash) else {
                rest.removeFirst()
                continue
            }
            // Sorted by bytes, what shares a beginning stands together.
            let inner = Array(first.name.bytes[...slash])
            let within = rest.prefix { $0.name.bytes.starts(with: inner) }
            add(within, below: inner)
            rest = rest.dropFirst(within.count)
        }
    }

    /// One line for several entries that the same people can read.
    private func line(_ entries: ArraySlice<EntryReaders>, _ name: Text) -> Line? {
        guard let first = entries.first, entries.count > 1,
            entries.allSatisfy({ $0.flaw == nil && $0.readers == first.readers })
        else { return nil }
        return Line(name: name, count: entries.count, readers: first.readers)
    }
}
