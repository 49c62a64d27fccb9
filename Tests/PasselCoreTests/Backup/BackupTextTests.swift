import PasselCore
import Testing

@Suite struct BackupTextTests {
    @Test func `a manifest is read as it is written`() throws {
        let digest = Digest(of: [1])
        let manifest = BackupManifest([
            .init(Array("README".utf8), digest), .init(Array(#"a\b"#.utf8) + [0x0A, 0xFF], digest),
        ])
        #expect(BackupManifest(manifest.content) == manifest)
        #expect(
            Text(manifest.content)
                == "\(digest.hex)  README\n\\\(digest.hex)  a\\\\b\\n\([UInt8](arrayLiteral: 0xFF))\n"
        )
        #expect(BackupManifest(manifest.content + [0x0A]) == nil)
        #expect(BackupManifest(Array("x".utf8)) == nil)
    }

    @Test func `a digest of pieces is that of the whole`() {
        var stream = DigestStream()
        for piece in [[1, 2], [], [3]] as [[UInt8]] { stream.add(piece) }
        #expect(stream.digest == Digest(of: [1, 2, 3]))
        stream.add([4])
        #expect(stream.digest == Digest(of: [1, 2, 3, 4]))
    }

    @Test func `what a backup says of itself is read as it is written`() throws {
        var info = BackupInfo(
            created: Instant(second: 1_800_000_000), store: Array("my store".utf8), entries: 3,
            head: Array("refs/heads/main".utf8))
        info.removed = ["web/gone.gpg"]
        info.links = [.init(name: "store/a b", target: [0xFF, 0x20])]
        #expect(BackupInfo(info.content) == info)
        #expect(BackupInfo(Array("passel backup 2\n".utf8)) == nil)
        #expect(BackupInfo(info.content + Array("other: x\n".utf8)) == nil)
    }

    @Test func `a file's name tells the store and the time`() throws {
        let name = BackupName(
            store: Array(".password-store".utf8), created: Instant(second: 1_800_000_000))
        #expect(Text(name.bytes) == "password-store-20270115T080000Z.backup.tar")
        #expect(BackupName(name.bytes) == name)
        for other in ["x.tar", "a-20270115T0800000.backup.tar", "-20271315T080000Z.backup.tar"] {
            #expect(BackupName(Array(other.utf8)) == nil)
        }
    }

    @Test(
        arguments: [
            "", "daily", "daily=", "daily=x", "hourly=3", "daily=1,daily=2", "daily=0", "daily=-1",
            "daily=1,", "daily=999999",
        ])
    func `what is no rule is none`(_ text: String) {
        #expect(Retention(Array(text.utf8)) == nil)
    }

    @Test func `a rule keeps the newest of each period`() throws {
        let rule = try #require(Retention(Array("daily=2,weekly=2,monthly=2".utf8)))
        // Friday 2027-01-15 at noon, and so many days before.
        let days = [0, 0, 1, 2, 4, 5, 11, 40, 80]
        let times = days.enumerated().map {
            Instant(second: 1_800_014_400 - Int64($1) * 86_400 - Int64($0))
        }
        let reasons = rule.reasons(times)
        #expect(
            reasons == [
                ["daily", "weekly", "monthly"], [], ["daily"], [], [], ["weekly"], [],
                ["monthly"], [],
            ])
    }

    @Test func `a rule never lets the newest go`() throws {
        let rule = try #require(Retention(Array("last=0,monthly=1".utf8)))
        #expect(rule.reasons([Instant(second: 5), Instant(second: 9)]) == [[], ["monthly"]])
        #expect(rule.reasons([]) == [])
    }
}
