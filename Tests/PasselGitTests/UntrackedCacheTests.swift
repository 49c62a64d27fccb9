import Foundation
import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

/// A look at a work tree that remembers which folders it need not read.
@Suite struct UntrackedCacheTests {
    private let box: GitBox
    private var cache: String { box.sandbox.root + "/cache" }
    /// So late that no change is taken for one of just now.
    private let later = Int64(Date().timeIntervalSince1970) + 3600

    init() throws {
        box = try GitBox()
        try box.commit(
            (0..<40).map { file("web/f\($0)/a.gpg", "\($0)") }
                + [file("web.d/a.gpg", "1"), file("top.gpg", "1"), file("web/b.gpg", "1")])
    }

    /// What a look finds with what was kept; what is to be kept then is.
    private func look(now: Int64? = nil) throws -> WorkTreeState {
        let begun = WorkTreeGlance.begin(
            Path(box.folder), cache: WorkTreeGlance.Cache(Path(cache), now: now ?? later))
        let state = try box.open().workTreeState(begun) { _ in false }
        if let kept = state.untrackedCache { try Disk.write(Bytes(kept), to: Bytes(cache.utf8)) }
        return state
    }

    private func expectSame(_ location: SourceLocation = #_sourceLocation) throws {
        let plain = try box.open().workTreeChanges()
        #expect(try look().changes == plain, sourceLocation: location)
        #expect(try look().changes == plain, sourceLocation: location)
        // Two changes within a tick of the file system's clock would have the same time.
        usleep(12_000)
    }

    @Test func `what is kept need not be kept again`() throws {
        #expect(try look().untrackedCache != nil)
        #expect(try look().untrackedCache == nil)
    }

    @Test func `a folder that changed just now is not kept`() throws {
        let now = Int64(Date().timeIntervalSince1970)
        #expect(try look(now: now).untrackedCache == nil)
    }

    @Test(arguments: [2, 4]) func `a folder that is known shows every change`(
        version: Int
    ) throws {
        try box.git("update-index", "--index-version", "\(version)")
        try expectSame()
        #expect(try look().untrackedCache == nil)
        for (step, change) in [
            "echo x > web/f3/new.gpg", "rm web/f4/a.gpg", "echo y > web/f5/a.gpg",
            "mv web/f6 web/f6x", "mv web/f7 ../f7; ln -s ../../f7 web/f7",
            "mv web/f8/a.gpg web/f8/b.gpg; git add -A web/f8", "git rm -q --cached web/f9/a.gpg",
            "mkdir web/f10/in; echo z > web/f10/in/c.gpg", "git add web/f10",
            "rm web/f11/a.gpg; mkdir web/f11/a.gpg; echo q > web/f11/a.gpg/deep",
            "chmod +x web/f12/a.gpg", "echo other > web/f13/a.gpg; git add web/f13",
            "git rm -q -r --cached web/f14", "echo 1 > web.d/b.gpg", "rm -r web.d",
            "git commit -qm all -a", "git checkout -q -f .; git clean -qfd",
            "mv web ../web; ln -s ../web web", "rm web; mv ../web web", "rm -r web/f1*",
            "echo 'f20/' > .gitignore; mkdir web/f2/f20; echo i > web/f2/f20/x",
            "git rm -rq web", "rm -rf web; echo back > web",
        ].enumerated() {
            let outcome = try box.sandbox.run("sh", ["-c", "cd '\(box.folder)' && { \(change); }"])
            try #require(outcome.status == 0, "\(step): \(change): \(outcome.stderr.text)")
            try expectSame()
        }
    }

    @Test func `a file that is damaged anywhere tells nothing wrong`() throws {
        _ = try look()
        let whole = try #require(Disk.read(cache))
        try box.write("x", "web/f3/new.gpg")
        let plain = try box.open().workTreeChanges()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var bytes = whole
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
            case 1:
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                for index in start..<min(bytes.count, start + 64) { bytes[index] = 0 }
            default:
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 0x80
            }
            try Disk.write(bytes, to: Bytes(cache.utf8))
            #expect(try look().changes == plain)
        }
    }
}
