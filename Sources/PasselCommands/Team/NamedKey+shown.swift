import PasselCore
import PasselStore

// How people and their keys are shown, and how they are written as JSON.

extension NamedKey {
    /// The name.
    var cell: Styled { Styled(name) }

    /// The fingerprint in groups of four; empty where there is no key.
    var fingerprintCell: Styled { Styled(fingerprint?.grouped ?? "") }

    /// The members `name` and `fingerprint`.
    var members: [JSON.Member] {
        [JSON.Member("name", .string(name)), JSON.Member("fingerprint", fingerprint.json)]
    }
}

extension Fingerprint? {
    /// 40 or 64 digits, or null.
    var json: JSON { map { .string(Text($0.bytes)) } ?? .null }
}

extension Addressee {
    /// The key's owner, or what there is in their place.
    var cells: (who: Styled, key: Styled) {
        switch self {
        case .key(let key): (key.cell, key.fingerprintCell)
        case .unknown(let id): (Styled("unknown key \(id.hex)", .warning), "")
        case .hidden: (Styled("hidden", .warning), "")
        }
    }

    /// The members `kind` (`key`, `unknown` or `hidden`), `name`, `fingerprint` and `key_id`, as far
    /// as they are known.
    var json: JSON {
        switch self {
        case .key(let key):
            .object([JSON.Member("kind", "key")] + key.members + [JSON.Member("key_id", .null)])
        case .unknown(let id):
            ["kind": "unknown", "name": nil, "fingerprint": nil, "key_id": "\(id.hex)"]
        case .hidden: ["kind": "hidden", "name": nil, "fingerprint": nil, "key_id": nil]
        }
    }
}

extension Standing {
    /// The state with its day, if it has one.
    var cell: Styled {
        switch self {
        case .ok(nil): Styled(word, .good)
        case .ok(let end?): Styled("ok until \(Day(second: end).spelling)", .good)
        case .expiring(let end): Styled("expires \(Day(second: end).spelling)", .warning)
        case .expired(let end): Styled("expired \(Day(second: end).spelling)", .bad)
        case .ended(let day): Styled("ended \(day.spelling)", .bad)
        case .revoked, .unusable, .unknownKey: Styled(word, .bad)
        case .notPinned: Styled(word, .warning)
        }
    }

    /// The state as a word of JSON.
    var json: JSON {
        .string(Text(word.bytes.map { $0 == 0x20 ? UInt8(ascii: "_") : $0 }))
    }
}

extension Path {
    /// A folder of the team as it is shown: `/` for the top of the store, a slash at the end.
    var folderText: Text { self == Roster.top ? "/" : "\(self)/" }
}

extension JSON {
    /// The day of this second, or null.
    static func day(_ second: Int64?) -> JSON {
        second.map { .string(Day(second: $0).spelling) } ?? .null
    }

    /// The path, or null.
    static func path(_ path: Path?) -> JSON { path.map { .string(Text($0.bytes)) } ?? .null }

    /// The text, or null.
    static func text(_ text: Text?) -> JSON { text.map { .string($0) } ?? .null }
}
