/// One of several lines of text, of which so many give a passphrase and fewer nothing.
///
/// `passel-share-2-of-5-need-3-` and then, in Base32 and groups of five letters: the id of the set,
/// 4 bytes; the part; and CRC-32 of all that it says, so that no mistyped letter goes unnoticed. What
/// is shared is the length of the passphrase, itself, zeros that hide how long it is, and 8 bytes of
/// a digest, so that a wrong passphrase never comes out.
public struct PassphraseShare: Sendable {
    /// Which one it is, from 1 on.
    public let number: Int
    /// How many there are.
    public let count: Int
    /// How many give the passphrase.
    public let need: Int
    /// What the shares of one passphrase have in common.
    let set: [UInt8]
    let part: Secret

    /// The longest passphrase that can be shared, in bytes.
    public static let longest = 255

    private static let setLength = 4
    private static let checkLength = 8
    private static let checksumLength = 4
    /// Shares are as long as a multiple of this many bytes, which Base32 spells without a rest.
    private static let step = 10

    private init(number: Int, count: Int, need: Int, set: [UInt8], part: Secret) {
        self.number = number
        self.count = count
        self.need = need
        self.set = set
        self.part = part
    }

    // MARK: Splitting and joining

    /// A passphrase as so many shares, of which `need` give it.
    ///
    /// - Throws: a `Problem` for one that is empty or too long.
    public static func split(
        _ passphrase: Secret, into count: Int, need: Int
    ) throws -> [PassphraseShare] {
        guard !passphrase.isEmpty, passphrase.count <= longest else {
            throw Problem(
                passphrase.isEmpty
                    ? "the passphrase is empty"
                    : "a passphrase of more than \(longest) bytes cannot be shared")
        }
        let set = Random.bytes(count: setLength)
        let least = 1 + passphrase.count + checkLength + setLength + checksumLength
        let padding = (step - least % step) % step
        let padded = Secret([
            .plain([UInt8(passphrase.count)]), .secret(passphrase),
            .plain([UInt8](repeating: 0, count: padding)),
        ])
        let secret = Secret([.secret(padded), .plain(check(padded, set))])
        return SecretSharing.split(
            secret, into: count, need: need,
            coefficients: .random(byteCount: secret.count * (need - 1))
        ).enumerated().map {
            PassphraseShare(number: $0 + 1, count: count, need: need, set: set, part: $1)
        }
    }

    /// The passphrase of which these are shares; those beyond what is needed must fit to the others.
    ///
    /// - Throws: a `Problem` for too few, for one that is there twice, for shares of different
    ///   passphrases, and for those that were made up.
    public static func join(_ shares: [PassphraseShare]) throws -> Secret {
        var known: [PassphraseShare] = []
        for share in shares {
            try share.refuse(beside: known)
            known.append(share)
        }
        guard let first = known.first else { throw Problem("there is no share") }
        guard known.count >= first.need else {
            throw Problem("\(first.need) shares are needed, and here are only \(known.count)")
        }
        let parts = known.map { (number: UInt8($0.number), part: $0.part) }
        let needed = Array(parts.prefix(first.need))
        for (number, part) in parts.dropFirst(first.need)
        where SecretSharing.part(number, by: needed) != part {
            throw Problem("share \(number) does not fit to the others: one of them was made up")
        }
        let secret = SecretSharing.part(0, by: needed)
        let padded = secret.slice(0..<secret.count - checkLength)
        let passphrase: Secret? = secret.withBytes { bytes in
            let length = Int(bytes[0])
            guard length > 0, length < padded.count,
                bytes.suffix(checkLength).elementsEqual(check(padded, first.set))
            else { return nil }
            return padded.slice(1..<1 + length)
        }
        guard let passphrase else {
            throw Problem("these shares give no passphrase: one of them was made up")
        }
        return passphrase
    }

    /// Refuses it beside shares of another passphrase, and beside itself.
    ///
    /// - Throws: a `Problem` that says which.
    public func refuse(beside others: [PassphraseShare]) throws {
        for other in others {
            guard other.set == set, other.need == need, other.count == count,
                other.part.count == part.count
            else {
                throw Problem(
                    "share \(number) belongs to another passphrase than share \(other.number)")
            }
            guard other.number != number else { throw Problem("share \(number) is there twice") }
        }
    }

    private static func check(_ padded: Secret, _ set: [UInt8]) -> [UInt8] {
        var digest = DigestStream()
        digest.add(set)
        padded.withBytes { digest.add($0) }
        return Array(digest.digest.bytes.prefix(checkLength))
    }

    // MARK: As text

    /// The share as a line, without its end.
    public var line: Secret {
        let content = Secret([.plain(set), .secret(part), .plain(checksum)])
        return Secret([
            .plain(Array("passel-share-\(number)-of-\(count)-need-\(need)-".utf8)),
            .secret(Base32.encode(content)),
        ])
    }

    private var checksum: [UInt8] {
        let all = Secret([
            .plain([UInt8(number), UInt8(count), UInt8(need)] + set), .secret(part),
        ])
        let code = all.withBytes { CRC32.of($0) }
        return (0..<4).map { UInt8(truncatingIfNeeded: code >> UInt32(24 - 8 * $0)) }
    }

    /// The share that a line spells, as people type it: in letters of either case, with blanks or
    /// dashes between groups.
    ///
    /// - Throws: a `Problem` for anything mistyped, and for what is no share.
    public init(_ line: Secret) throws {
        let words = line.withBytes { bytes in
            var words: [Range<Int>] = []
            for place in bytes.indices where !" -\t\r".utf8.contains(bytes[place]) {
                if let last = words.last, last.upperBound == place {
                    words[words.count - 1] = last.lowerBound..<place + 1
                } else {
                    words.append(place..<place + 1)
                }
            }
            return words
        }
        func word(_ place: Int) -> [UInt8] {
            guard place < words.count else { return [] }
            return line.withBytes { $0[words[place]].map(\.asciiLowercased) }
        }
        guard word(0) == Array("passel".utf8), word(1) == Array("share".utf8) else {
            throw Problem("this is no share: it does not begin with passel-share")
        }
        func value(_ place: Int) -> Int? {
            let digits = word(place)
            guard digits.count < 4, digits.allSatisfy(\.isDigit) else { return nil }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        guard word(3) == Array("of".utf8), word(5) == Array("need".utf8), words.count > 7,
            let number = value(2), let count = value(4), let need = value(6),
            2...255 ~= count, 2...count ~= need, 1...count ~= number
        else { throw Problem("this share is mistyped: it does not say which of how many it is") }
        let letters = Secret(joining: words[7...].map(line.slice))
        let fixed = Self.setLength + Self.checksumLength
        guard letters.withBytes({ $0.allSatisfy { Base32.value($0) != nil } }),
            let content = letters.withBytes({ Base32.decode($0) }), letters.count % 8 == 0,
            content.count % Self.step == 0, content.count > fixed + Self.checkLength + 1
        else { throw Self.mistyped(number) }
        self.init(
            number: number, count: count, need: need,
            set: content.withBytes { Array($0.prefix(Self.setLength)) },
            part: content.slice(Self.setLength..<content.count - Self.checksumLength))
        guard content.withBytes({ $0.suffix(Self.checksumLength).elementsEqual(checksum) }) else {
            throw Self.mistyped(number)
        }
    }

    private static func mistyped(_ number: Int) -> Problem {
        Problem("share \(number) is mistyped: its checksum does not fit")
    }
}
