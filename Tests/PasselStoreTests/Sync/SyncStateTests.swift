import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// What this machine remembers of its exchanges.
@Suite struct SyncStateTests {
    private let sandbox: Sandbox
    private var folder: StateFolder { StateFolder(at: Path(sandbox.root + "/state")) }

    init() throws { sandbox = try Sandbox() }

    @Test func `how it went with each remote is read as it was written`() throws {
        var states = RemoteStates()
        var good = RemoteStates.State()
        good.success = 1_700_000_000
        good.head = GitID(hex: Bytes(String(repeating: "a1", count: 20).utf8))
        states.states["origin"] = good
        var failed = good
        failed.failure = 1_700_000_001
        failed.message = "no route to “host”\n"
        states.states["odd name\u{1b}"] = failed
        try states.save(in: folder)
        #expect(try RemoteStates(in: folder) == states)
    }

    @Test func `what is damaged is as if nothing were known`() throws {
        for content in ["", "passel remotes 2\nremote a 1 - - -\n", "passel remotes 1\nremote a\n"]
        {
            try folder.write(Array(content.utf8), to: "remotes")
            #expect(try RemoteStates(in: folder) == RemoteStates())
        }
    }

    @Test func `a failure in the background is told once`() throws {
        let failure = BackgroundFailure(folder, now: 1)
        #expect(failure.untold() == nil)
        failure.note("origin: no route")
        #expect(
            failure.problem?.message == "the last sync in the background failed: origin: no route")
        #expect(failure.untold() != nil)
        #expect(failure.untold() == nil)
        #expect(failure.problem != nil)
        failure.forget()
        #expect(failure.problem == nil)
    }

    @Test(arguments: [
        ("https://ann:hush@host/x", "https://ann:***@host/x"),
        ("https://ann@host/x:y@z", "https://ann@host/x:y@z"),
        ("ssh://git@host:22/x", "ssh://git@host:22/x"), ("git@host:x", "git@host:x"),
        ("/a/b", "/a/b"), ("https://a:b@c@host", "https://a:***@host"),
    ]) func `a password in an address is not shown`(url: String, shown: String) {
        #expect(Store.withoutPassword(Text(url.utf8)) == Text(shown.utf8))
    }

    @Test func `a policy that is none is refused`() throws {
        func policy(_ text: Text?) throws -> RemotePolicy {
            try RemotePolicy(of: GitRemote(name: "origin", url: "x", policy: text))
        }
        #expect(try policy(nil) == .sync)
        #expect(try policy("push-only") == .pushOnly)
        #expect(message { _ = try policy("often") }?.contains("none of sync, push-only") == true)
    }
}
