import PasselCore
import PasselTesting
import Testing

@Suite struct MergePictureTests {
    /// One merge as a file shows it.
    struct Picture {
        var parts: [String: String] = [:]
        var newer = MergeSide.theirs

        init(_ text: String) {
            var name = ""
            for line in text.utf8.split(separator: 10, omittingEmptySubsequences: false).dropLast()
            {
                let line = String(decoding: line, as: UTF8.self)
                if line.hasPrefix("== ") {
                    let words = line.split(separator: " ")
                    let isOpen = words.count > 2
                    name = String(words[1])
                    parts[name] = isOpen ? "\u{0}" : ""
                } else if name.isEmpty {
                    if line == "newer: ours" { newer = .ours }
                } else {
                    parts[name, default: ""] += line + "\n"
                }
            }
            parts = parts.mapValues {
                $0.hasPrefix("\u{0}") ? String($0.dropFirst().dropLast()) : $0
            }
        }
    }

    @Test func `every picture shows what is done`() throws {
        let folder = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        let names = Disk.names(in: Bytes("/\(folder)/Pictures".utf8)).map(\.text)
        #expect(names.count > 20)
        for name in names {
            let picture = Picture(try #require(Disk.read("/\(folder)/Pictures/\(name)")).text)
            let parts = picture.parts.mapValues { Secret(plain: $0) }
            let (ours, theirs) = (try #require(parts["ours"]), try #require(parts["theirs"]))
            let result = EntryMerge.merging(
                base: parts["base"], ours: ours, theirs: theirs, newer: picture.newer)
            let swapped = EntryMerge.merging(
                base: parts["base"], ours: theirs, theirs: ours, newer: picture.newer.other)
            #expect(text(result.merged) == picture.parts["merged"], "\(name)")
            #expect(text(swapped.merged) == picture.parts["merged"], "\(name)")
            let conflicts = result.conflicts.map { "\(spelled($0))\n" }.joined()
            #expect(conflicts == picture.parts["conflicts"], "\(name)")
        }
    }

    private func text(_ secret: Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func spelled(_ part: EntryPart) -> String {
        switch part {
        case .secret: "secret"
        case .field(let key): "field \(key)"
        case .otpauth: "otpauth"
        case .text: "text"
        }
    }
}
