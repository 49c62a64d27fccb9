import PasselTesting

/// What a clone holds at one moment: which words in which entries, whose lists where.
///
/// Every value that is ever saved is a word of its own, so that it can be told where it is.
struct ModelState: Sendable {
    /// The words of every entry, by its name; none for one that nobody can read.
    let words: [String: Set<String>]
    /// Entries that nobody can read.
    let unreadable: [String]
    /// The whole text of every entry.
    let texts: [String: String]
    /// Who is in the list of a folder; "." is the top.
    let lists: [String: Set<String>]
    /// Every file.
    let files: [String: [UInt8]]

    var all: Set<String> { words.values.reduce(into: []) { $0.formUnion($1) } }
    var entries: [String] { texts.keys.sorted() }
    /// The entries that have a word, by the word.
    var places: [String: Set<String>] {
        words.reduce(into: [:]) { places, entry in
            for word in entry.value { places[word, default: []].insert(entry.key) }
        }
    }

    init(_ clone: ModelClone, _ texts: ModelTexts) throws {
        files = try clone.files()
        let entries = files.filter { $0.key.hasSuffix(".gpg") }
        let plain = try texts.texts(Array(entries.values))
        var (words, unreadable, known): ([String: Set<String>], [String], [String: String]) =
            ([:], [], [:])
        for (file, message) in entries {
            let name = String(file.dropLast(4))
            guard let plain = plain[message] else {
                unreadable.append(name)
                continue
            }
            known[name] = plain.text
            words[name] = plain.words
        }
        (self.words, self.unreadable, self.texts) = (words, unreadable.sorted(), known)
        var lists: [String: Set<String>] = [:]
        for (file, content) in files where file == ".gpg-id" || file.hasSuffix("/.gpg-id") {
            let folder = file == ".gpg-id" ? "." : String(file.dropLast(8))
            let names = String(decoding: content, as: UTF8.self).split(separator: "\n")
            lists[folder] = Set(
                names.compactMap { name in
                    clone.people.fingerprints.first { $0.value == name }?.key
                })
        }
        self.lists = lists
    }

    static func words(of text: String) -> Set<String> {
        Set(
            text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
                .filter { $0.hasPrefix("Tk") }.map(String.init))
    }

    /// Who is to read an entry, by the nearest list.
    func wanted(_ entry: String) -> Set<String>? {
        var folder = entry[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if let list = lists[String(folder)] { return list }
        }
        return lists["."]
    }

    /// For whom an entry is, as its packets say.
    func readers(_ entry: String) -> Set<String> {
        Set(PacketReader(files[entry + ".gpg"] ?? []).readers)
    }
}

/// Texts of messages: each message is decrypted and taken apart once.
final class ModelTexts {
    struct Plain {
        let text: String
        let words: Set<String>
    }

    private let people: ModelPeople
    private var known: [[UInt8]: Plain?] = [:]

    init(_ people: ModelPeople) { self.people = people }

    func texts(_ messages: [[UInt8]]) throws -> [[UInt8]: Plain] {
        var found: [[UInt8]: Plain] = [:]
        var new: Set<[UInt8]> = []
        for message in messages {
            if let plain = known[message] { found[message] = plain } else { new.insert(message) }
        }
        guard !new.isEmpty else { return found }
        let unknown = Array(new)
        for (message, text) in zip(unknown, try people.decrypt(unknown)) {
            let plain = text.map {
                let text = String(decoding: $0, as: UTF8.self)
                return Plain(text: text, words: ModelState.words(of: text))
            }
            known.updateValue(plain, forKey: message)
            found[message] = plain
        }
        return found
    }
}
