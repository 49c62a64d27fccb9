import Foundation
import PasselTesting
import Testing

/// Copying to a real clipboard, and what becomes of it: xclip under Xvfb, wl-clipboard under sway.
@Suite struct ClipboardTests {
    enum Kind: CaseIterable {
        case x11, wayland
        func start() throws -> Desktop { self == .x11 ? try .x11() : try .wayland() }
    }

    @Test(arguments: Kind.allCases)
    func `the secret is there for its time, then what was there before`(kind: Kind) throws {
        let place = try Place(kind)
        try place.copy("before")
        let said = try place.pass("2", "show", "-c", "web/site")
        #expect(said == "Copied web/site to clipboard. Will clear in 2 seconds.\n")
        #expect(try place.content() == "hunter2")
        try place.expect("before", within: 120)
    }

    @Test(arguments: Kind.allCases)
    func `what the user copied meanwhile stays`(kind: Kind) throws {
        let place = try Place(kind)
        try place.copy("before")
        _ = try place.pass("1", "show", "-c", "web/site")
        try place.copy("mine")
        usleep(2_500_000)
        #expect(try place.content() == "mine")
    }

    @Test(arguments: Kind.allCases)
    func `two copies in a row still bring back the first content`(kind: Kind) throws {
        let place = try Place(kind)
        try place.copy("before")
        _ = try place.pass("30", "show", "-c", "web/site")
        _ = try place.pass("2", "show", "-c2", "web/site")
        #expect(try place.content() == "user: alice")
        try place.expect("before", within: 120)
    }

    @Test func `the primary selection is one of its own`() throws {
        let place = try Place(.x11)
        try place.copy("before")
        place.home.sandbox.set("PASSWORD_STORE_X_SELECTION", "primary")
        _ = try place.pass("20", "show", "-c", "web/site")
        #expect(try place.content("primary") == "hunter2")
        #expect(try place.content() == "before")
    }

    @Test func `a time that makes no sense ends at once`() throws {
        let place = try Place(.x11)
        try place.copy("before")
        _ = try place.pass("soon", "show", "-c", "web/site")
        try place.expect("before", within: 120)
    }

    @Test func `a broken display is told`() throws {
        let place = try Place(.x11)
        place.home.sandbox.set("DISPLAY", ":9999")
        let outcome = try place.home.run("pass", "show", "-c", "web/site")
        #expect(outcome.status == 1)
        #expect(outcome.stderr.text == "Error: Could not copy data to the clipboard\n")
    }

    /// A home and a display.
    private struct Place {
        let home: ClientHome
        let desktop: Desktop

        init(_ kind: Kind) throws {
            home = try ClientHome()
            desktop = try kind.start()
            try home.insert("web/site", "hunter2\nuser: alice\n")
            for (name, value) in desktop.environment { home.sandbox.set(name, value) }
        }

        func pass(_ seconds: String, _ arguments: String...) throws -> String {
            home.sandbox.set("PASSWORD_STORE_CLIP_TIME", seconds)
            return try home.sandbox.run("pass", arguments).demand().stdout.text
        }

        func copy(_ text: String) throws {
            let selection = desktop.copying[0] == "xclip" ? ["clipboard"] : []
            try tool(desktop.copying + selection, input: text)
        }

        func content(_ selection: String = "clipboard") throws -> String {
            let words = desktop.pasting + (desktop.pasting[0] == "xclip" ? [selection] : [])
            return try tool(words)
        }

        func expect(_ text: String, within seconds: Int) throws {
            for _ in 0..<seconds * 10 {
                if try content() == text { return }
                usleep(100_000)
            }
            #expect(try content() == text)
        }

        /// Both tools leave a process behind that keeps its output open, so that goes to a file.
        @discardableResult
        private func tool(_ words: [String], input: String = "") throws -> String {
            let file = home.sandbox.root + "/tool-output"
            let command = "\"$@\" >'\(file)' 2>/dev/null </dev/stdin"
            _ = try home.sandbox.run(
                "sh", ["-c", command, "sh"] + words, input: .bytes(Bytes(input.utf8)))
            return Disk.read(file)?.text ?? ""
        }
    }
}
