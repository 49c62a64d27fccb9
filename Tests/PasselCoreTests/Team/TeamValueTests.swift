import PasselCore
import Testing

private let ann = "A1B2C3D4E5F60718293A4B5C6D7E8F9001122334"
private let bob = "B1B2C3D4E5F60718293A4B5C6D7E8F9001122335"

private func fingerprint(_ text: String) throws -> Fingerprint {
    try #require(Fingerprint(text.utf8))
}

@Suite struct FingerprintTests {
    @Test func `only whole fingerprints are taken, in one spelling`() throws {
        #expect(Fingerprint(("0x" + ann.lowercased()).utf8)?.hex == ann)
        for wrong in ["", "01122334", String(ann.dropLast()), ann + "!", ann + "0", " " + ann] {
            #expect(Fingerprint(wrong.utf8) == nil, "\(wrong)")
        }
        #expect(Fingerprint((ann + ann.prefix(24)).utf8) != nil)
    }

    @Test func `the key id is the end of a version 4 and the start of a later fingerprint`() throws
    {
        #expect(try fingerprint(ann).keyID.hex == "6D7E8F9001122334")
        #expect(try fingerprint(ann + ann.prefix(24)).keyID.hex == "A1B2C3D4E5F60718")
    }

    @Test func `people compare groups of four`() throws {
        let grouped = try fingerprint(ann).grouped
        #expect(grouped == "A1B2 C3D4 E5F6 0718 293A 4B5C 6D7E 8F90 0112 2334")
    }
}

@Suite struct DayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29", 951_782_400), ("2026-11-21", 1_795_219_200),
        ("1969-12-31", -86_400), ("9999-12-31", 253_402_214_400),
    ])
    func `a day is the second it begins with`(text: String, second: Int) throws {
        let day = try #require(Day(text.utf8))
        #expect(day.second == Int64(second) && day.spelling.bytes.elementsEqual(text.utf8))
        #expect(Day(second: Int64(second) + 86_399) == day)
    }

    @Test(arguments: ["", "2026-2-1", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "x"])
    func `a day that does not exist is none`(text: String) {
        #expect(Day(text.utf8) == nil)
    }
}

@Suite struct RosterTests {
    private func roster() throws -> Roster {
        var roster = Roster()
        for (hex, name) in [(ann, "Ann Ä <ann@example.org>"), (bob, "Bob")] {
            roster.keys[try fingerprint(hex)] = Roster.Key(
                digest: Digest(of: Array(name.utf8)), name: Array(name.utf8))
        }
        roster.folders[Roster.top] = [try fingerprint(ann): Roster.Membership(.signer)]
        roster.folders["web/a b"] = [
            try fingerprint(ann): Roster.Membership(.member),
            try fingerprint(bob): Roster.Membership(.machine, until: Day("2027-01-31".utf8)),
        ]
        return roster
    }

    @Test func `what is written can be read and is the same`() throws {
        var roster = try roster()
        #expect(try Roster(roster.content) == roster)
        roster.generation = 12
        roster.previous = Digest(of: [])
        #expect(try Roster(roster.content) == roster)
    }

    @Test func `it has one spelling only`() throws {
        let content = try roster().content
        let text = String(decoding: content, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        let wrong = [
            text + "\n", String(text.dropLast()),
            text.replacing("generation 1", with: "generation 01"),
            text.replacing(ann, with: ann.lowercased()), text + "reader x y z\n",
            text.replacing(" signer", with: " owner"),
            text.replacing("web/a%20b", with: "web/../b"),
            text.replacing("web/a%20b", with: "/web"), text.replacing("%20", with: "%2520 "),
            text.replacing("2027-01-31", with: "2027-1-31"), text.replacing("\n", with: "\r\n"),
            text.replacing("roster 1", with: "roster 2"), "",
            (lines.prefix(3) + lines.dropFirst(3).reversed()).joined(separator: "\n") + "\n",
            lines.filter { !$0.hasPrefix("key \(bob)") }.joined(separator: "\n") + "\n",
        ]
        for content in wrong {
            #expect(throws: Problem.self, "\(content)") { try Roster(Array(content.utf8)) }
        }
    }

    @Test func `the nearest folder with readers holds, and signers of all above it may sign`()
        throws
    {
        var roster = try roster()
        #expect(roster.governing("web/a b/c/d") == "web/a b" && roster.governing("web") == ".")
        roster.folders["web/a b"]?[try fingerprint(bob)] = Roster.Membership(.signer)
        #expect(roster.signers(of: "web/a b/c") == [try fingerprint(ann), try fingerprint(bob)])
        #expect(roster.signers(of: "web") == [try fingerprint(ann)])
    }

    @Test func `a list is bare fingerprints as every client reads them`() throws {
        let list = try #require(roster().list(of: "web/a b"))
        #expect(String(decoding: list, as: UTF8.self) == "\(ann)\n\(bob)\n")
    }

    @Test func `a roster follows only the one it names, by who may sign for what changed`() throws {
        let old = try roster()
        func next(_ change: (inout Roster) throws -> Void) throws -> Roster {
            var new = old
            new.generation += 1
            new.previous = old.digest
            try change(&new)
            return new
        }
        let (a, b) = (try fingerprint(ann), try fingerprint(bob))
        let change = try next { $0.folders["web/a b"]?[b] = nil }
        #expect(change.follows(old, signedBy: [a]))
        #expect(!change.follows(old, signedBy: [b]) && !change.follows(old, signedBy: []))
        let skipping = try next { $0.generation += 1 }
        let unchained = try next { $0.previous = Digest(of: [1]) }
        #expect(!skipping.follows(old, signedBy: [a]) && !unchained.follows(old, signedBy: [a]))
        // Who becomes a signer by this very roster cannot sign it.
        let coup = try next { $0.folders[Roster.top] = [b: Roster.Membership(.signer)] }
        #expect(!coup.follows(old, signedBy: [b]))
        #expect(!old.follows(change, signedBy: [a]))
    }
}

@Suite struct PublicKeyTests {
    private func listing(_ validity: String = "u", _ end: String = "", subkeys: [String]) -> [UInt8]
    {
        let lines =
            [
                "tru::1:1:1", "pub:\(validity):255:22:6D7E8F9001122334:1000:\(end)::u:::scSC:::::",
                "fpr:::::::::\(ann):", "uid:u::::1000::X::Ann \\x3a Ä <ann@x>::::::::::0:",
                "uid:r::::1000::X::Old <old@x>::::::::::0:",
            ] + subkeys
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func subkey(_ validity: String, _ end: String, _ capabilities: String = "e") -> String {
        "sub:\(validity):255:18:6D7E8F9001122335:1000:\(end):::::\(capabilities):::::\nfpr:::::::::\(bob):"
    }

    @Test func `a listing is understood`() throws {
        let key = try #require(PublicKey.list(listing(subkeys: [subkey("u", "")])).first)
        #expect(key.fingerprint.hex == ann && key.name == "Ann : Ä <ann@x>")
        #expect(key.userIDs.count == 1 && key.primary.canSign && !key.primary.canEncrypt)
        #expect(key.readerIDs == [try fingerprint(bob).keyID])
        #expect(key.state(at: 2000) == .ok(expires: nil))
    }

    @Test func `the state is that of what encrypts, bounded by the whole key`() throws {
        func state(
            _ validity: String, _ end: String, _ subkeys: [String], at now: Int64 = 10_000_000
        )
            throws -> KeyState
        {
            try #require(PublicKey.list(listing(validity, end, subkeys: subkeys)).first).state(
                at: now)
        }
        #expect(try state("r", "", [subkey("r", "")]) == .revoked)
        #expect(try state("e", "9000000", [subkey("e", "")]) == .expired(9_000_000))
        #expect(try state("u", "", [subkey("e", "8000000")]) == .expired(8_000_000))
        #expect(try state("u", "", [subkey("r", "")]) == .unusable)
        #expect(try state("u", "", []) == .unusable)
        #expect(try state("u", "", [subkey("u", "", "s")]) == .unusable)
        #expect(try state("u", "11000000", [subkey("u", "")]) == .expiring(11_000_000))
        #expect(try state("u", "20000000", [subkey("u", "10000001")]) == .expiring(10_000_001))
        #expect(try state("u", "20000000", [subkey("u", "")]) == .ok(expires: 20_000_000))
        #expect(
            try state("u", "", [subkey("e", "8000000"), subkey("u", "20000000")])
                == .ok(expires: 20_000_000))
    }
}
