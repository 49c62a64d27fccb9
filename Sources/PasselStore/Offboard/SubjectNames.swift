import PasselCore

/// The names in a commit's subject that says that something was moved or copied, as pass writes it.
struct SubjectNames {
    /// What was done.
    enum Verb: String, CaseIterable {
        case move = "Rename "
        case copy = "Copy "
    }

    let verb: Verb
    /// The old and the new name, without needless slashes; several where a name contains ` to `.
    private let pairs: [(old: [UInt8], new: [UInt8])]

    init?(_ subject: Text) {
        guard
            let verb = Verb.allCases.first(where: { subject.bytes.starts(with: $0.rawValue.utf8) }),
            subject.bytes.last == UInt8(ascii: ".")
        else { return nil }
        self.verb = verb
        let rest = subject.bytes.dropFirst(verb.rawValue.utf8.count).dropLast()
        let middle = Array(" to ".utf8)
        pairs = rest.indices.compactMap { index in
            guard rest[index...].starts(with: middle) else { return nil }
            let old = Self.plain(rest[..<index])
            return old.isEmpty ? nil : (old, Self.plain(rest[(index + middle.count)...]))
        }
    }

    /// Without the slashes and dots that make no difference.
    private static func plain(_ typed: ArraySlice<UInt8>) -> [UInt8] {
        let parts = typed.split(separator: .slash).filter { !$0.elementsEqual(".".utf8) }
        return Array(parts.joined(separator: [.slash]))
    }

    /// Under which names the entry that is now called `name` may have been before.
    ///
    /// An entry or a folder got the new name itself, or was put into a folder of that name.
    func sources(of name: [UInt8]) -> [[UInt8]] {
        pairs.flatMap { pair -> [[UInt8]] in
            let last = Array(pair.old.split(separator: .slash).last ?? [])
            let inside = pair.new.isEmpty ? last : pair.new + [.slash] + last
            return [pair.new, inside].compactMap { target in
                if name == target { return pair.old }
                guard !target.isEmpty, name.starts(with: target + [.slash]) else { return nil }
                return pair.old + name.dropFirst(target.count)
            }
        }
    }
}
