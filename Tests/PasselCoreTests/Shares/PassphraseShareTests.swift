import Testing

@testable import PasselCore

/// Shares of a passphrase as people have them: lines of text.
@Suite struct PassphraseShareTests {
    private let passphrase = Secret(plain: "correct horse battery staple")

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Problem).map { String(decoding: $0.message.bytes, as: UTF8.self) }
        }
    }

    private func share(_ text: some Sequence<UInt8>) throws -> PassphraseShare {
        try PassphraseShare(Array(text).withUnsafeBytes { Secret(copying: $0) })
    }

    private func text(_ share: PassphraseShare) -> [UInt8] { share.line.withBytes { Array($0) } }

    @Test(arguments: [(2, 2), (3, 2), (5, 3), (6, 4), (5, 5)])
    func `so many as are needed give it, and one less does not`(count: Int, need: Int) throws {
        let shares = try PassphraseShare.split(passphrase, into: count, need: need)
        for mask in 1..<(1 << count) {
            let some = try (0..<count).filter { mask >> $0 & 1 == 1 }.reversed().map {
                try PassphraseShare(shares[$0].line)
            }
            if some.count >= need {
                #expect(try PassphraseShare.join(some) == passphrase)
            } else {
                #expect(
                    message { _ = try PassphraseShare.join(some) }
                        == "\(need) shares are needed, and here are only \(some.count)")
            }
        }
    }

    @Test(arguments: [1, 2, 17, 22, 23, 100, 255])
    func `passphrases of any length come back, whatever bytes they have`(length: Int) throws {
        let secret = Secret.random(byteCount: length)
        let shares = try PassphraseShare.split(secret, into: 3, need: 2)
        #expect(try PassphraseShare.join([shares[2], shares[0]]) == secret)
        #expect(Set(shares.map { text($0).count }).count == 1)
    }

    @Test func `how long it is does not show`() throws {
        let lengths = try (18...22).map { length in
            let secret = Secret(plain: String(repeating: "x", count: length))
            return text(try PassphraseShare.split(secret, into: 3, need: 2)[0]).count
        }
        #expect(Set(lengths).count == 1)
    }

    @Test func `what is empty or too long is refused`() {
        let long = Secret(plain: String(repeating: "x", count: 256))
        #expect(
            message { _ = try PassphraseShare.split(long, into: 3, need: 2) }
                == "a passphrase of more than 255 bytes cannot be shared")
        #expect(
            message { _ = try PassphraseShare.split(Secret(plain: ""), into: 3, need: 2) }
                == "the passphrase is empty")
        #expect(message { _ = try PassphraseShare.join([]) } == "there is no share")
    }

    @Test func `shares that do not belong together are told`() throws {
        let ours = try PassphraseShare.split(passphrase, into: 5, need: 3)
        let others = try PassphraseShare.split(passphrase, into: 5, need: 3)
        #expect(
            message { _ = try PassphraseShare.join([ours[0], ours[1], others[2]]) }
                == "share 3 belongs to another passphrase than share 1")
        #expect(
            message { _ = try PassphraseShare.join([ours[0], ours[4], ours[0]]) }
                == "share 1 is there twice")
    }

    /// What a share says, with another part and the checksum that fits to it.
    private func madeUp(_ share: PassphraseShare) throws -> PassphraseShare {
        let other = Secret.random(byteCount: share.part.count)
        let all = [UInt8(share.number), UInt8(share.count), UInt8(share.need)] + share.set
        let checksum = CRC32.of(all + other.withBytes { Array($0) })
        let content = Secret([
            .plain(share.set), .secret(other),
            .plain((0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * $0)) }),
        ])
        return try self.share(
            Array("passel-share-\(share.number)-of-\(share.count)-need-\(share.need)-".utf8)
                + Base32.encode(content).withBytes { Array($0) })
    }

    @Test func `a share that somebody made up never gives another passphrase`() throws {
        let shares = try PassphraseShare.split(passphrase, into: 4, need: 2)
        let made = try madeUp(shares[1])
        #expect(
            message { _ = try PassphraseShare.join([shares[0], made]) }
                == "these shares give no passphrase: one of them was made up")
        #expect(
            message { _ = try PassphraseShare.join([shares[0], shares[2], made]) }
                == "share 2 does not fit to the others: one of them was made up")
    }

    @Test func `a share is read as people type it`() throws {
        let shares = try PassphraseShare.split(passphrase, into: 2, need: 2)
        let line = String(decoding: text(shares[0]), as: UTF8.self)
        let spellings = [
            line, line.uppercased(), "  \(line)\r",
            line.split(separator: "-").joined(separator: " "),
        ]
        for spelling in spellings {
            let read = try share(spelling.utf8)
            #expect(read.number == 1 && read.count == 2 && read.need == 2)
            #expect(try PassphraseShare.join([read, shares[1]]) == passphrase)
        }
        #expect(message { _ = try share("".utf8) }?.hasPrefix("this is no share") == true)
        #expect(message { _ = try share("passel-share-1".utf8) }?.contains("mistyped") == true)
    }

    @Test func `every letter that is mistyped, left out, doubled or swapped is found`() throws {
        let short = Secret(plain: "horse")
        let line = text(try PassphraseShare.split(short, into: 12, need: 10)[9])
        var unnoticed: [String] = []
        var tried = 0
        func look(_ wrong: [UInt8]) {
            tried += 1
            // What means the same, such as another case, is no error.
            guard let read = try? share(wrong), text(read) != line else { return }
            unnoticed.append(String(decoding: wrong, as: UTF8.self))
        }
        for place in line.indices {
            for byte in UInt8(0x20)...0x7E where byte != line[place] {
                look(Array(line[..<place]) + [byte] + line[(place + 1)...])
            }
            look(Array(line[..<place] + line[(place + 1)...]))
            look(Array(line[...place] + line[place...]))
            if place > 0 {
                look(
                    Array(line[..<(place - 1)]) + [line[place], line[place - 1]]
                        + line[(place + 1)...])
            }
        }
        #expect(tried > 7_000)
        #expect(unnoticed == [])
    }
}
