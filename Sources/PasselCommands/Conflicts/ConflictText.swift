import PasselCore
import PasselPosix
import PasselStore

/// Both versions of an entry in the user's editor, as git shows what it cannot merge.
struct ConflictText {
    let session: Session

    /// What the user made of the two.
    ///
    /// - Throws: a `Problem` when more than one version is kept, nothing was saved, or the marks are
    ///   still in it.
    func edited(_ name: Path) throws -> ConflictResolution {
        let store = session.store
        let found = try store.conflicts(of: name, comparing: false)
        guard found.count == 1, let conflict = found.first else {
            throw Problem(
                "\(name) has \(found.count) other versions; name the one that is meant",
                hints: found.map { "\(session.program) conflicts resolve \($0.kept) --edit" })
        }
        let files = (store.file(conflict.name), store.file(conflict.kept))
        let (ours, theirs) = (try Files.readIfPresent(files.0), try Files.read(files.1))
        let standing =
            try ours.map { _ in try store.read(files.0, name: Text(conflict.name.bytes)) }
            ?? Secret(plain: "")
        let other = try store.read(files.1, name: Text(conflict.kept.bytes))
        let marks = Marks(conflict)
        let both = Self.joined(standing, other, marks)
        guard let text = try Editor(session: session).edit(both, name: conflict.name), text != both
        else {
            throw Problem("nothing was saved; both versions are still there")
        }
        guard !marks.areLeft(in: text) else {
            throw Problem(
                "the text still holds both versions; nothing was saved",
                hints: ["take out the lines that begin with <<<<<<<, ======= and >>>>>>>"])
        }
        return .text(text, standing: ours, other: theirs)
    }

    /// The lines around what is different.
    struct Marks {
        let start: Text
        let middle: Text = "======="
        let end: Text

        init(_ conflict: Conflict) {
            start = "<<<<<<< \(conflict.name)"
            end = ">>>>>>> \(conflict.kept)"
        }

        func areLeft(in text: Secret) -> Bool {
            var number = 1
            while let line = text.line(number) {
                let isMark = [start, middle, end].contains { mark in
                    line.withBytes { $0.elementsEqual(mark.bytes) }
                }
                if isMark { return true }
                number += 1
            }
            return false
        }
    }

    /// What both begin and end with alike, and between the two what is different.
    static func joined(_ ours: Secret, _ theirs: Secret, _ marks: Marks) -> Secret {
        var (left, right) = (lines(ours)[...], lines(theirs)[...])
        var pieces: [Secret] = []
        while let first = left.first, first == right.first {
            pieces.append(first)
            (left, right) = (left.dropFirst(), right.dropFirst())
        }
        var ending: [Secret] = []
        while let last = left.last, last == right.last {
            ending.insert(last, at: 0)
            (left, right) = (left.dropLast(), right.dropLast())
        }
        func line(_ text: Text) -> Secret {
            (text + "\n").bytes.withUnsafeBytes { Secret(copying: $0) }
        }
        func whole(_ lines: ArraySlice<Secret>) -> [Secret] {
            // A last line without an end would run into the mark behind it.
            lines.map { piece in
                let isEnded = piece.withBytes { $0.last == .newline }
                return isEnded ? piece : Secret(joining: [piece, Secret(plain: "\n")])
            }
        }
        pieces.append(line(marks.start))
        pieces += whole(left)
        pieces.append(line(marks.middle))
        pieces += whole(right)
        pieces.append(line(marks.end))
        return Secret(joining: pieces + ending)
    }

    /// The lines, each with its line feed.
    private static func lines(_ text: Secret) -> [Secret] {
        var lines: [Secret] = []
        var start = 0
        while start < text.count {
            let end = text.withBytes { $0[start...].firstIndex(of: .newline) } ?? text.count - 1
            lines.append(text.slice(start..<(end + 1)))
            start = end + 1
        }
        return lines
    }
}
