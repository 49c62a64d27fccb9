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
            guard let text = plain[message] else {
                unreadable.append(name)
                continue
            }
            known[name] = text
            words[name] = Self.words(of: text)
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

/// Texts of messages: each message is decrypted once.
final class ModelTexts {
    private let people: ModelPeople
    private var known: [[UInt8]: String?] = [:]

    init(_ people: ModelPeople) { self.people = people }

    func texts(_ messages: [[UInt8]]) throws -> [[UInt8]: String] {
        let new = Array(Set(messages.filter { known[$0] == nil }))
        for (message, text) in zip(new, new.isEmpty ? [] : try people.decrypt(new)) {
            known.updateValue(text.map { String(decoding: $0, as: UTF8.self) }, forKey: message)
        }
        var found: [[UInt8]: String] = [:]
        for message in messages {
            if let text = known[message] ?? nil { found[message] = text }
        }
        return found
    }
}
