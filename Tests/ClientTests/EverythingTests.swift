import Foundation
import PasselTesting
import Testing

/// An extension that uses every name pass offers, run by both programs on equal stores.
@Suite struct EverythingTests {
    @Test func `an extension that uses everything says and does the same under both`() throws {
        let pass = try Account(of: .pass)
        let passel = try Account(of: .passel)
        // Line by line, so that a difference is seen and not searched for.
        for (line, (ours, theirs)) in zip(passel.output, pass.output).enumerated() {
            try #require(ours == theirs, "line \(line + 1)")
        }
        #expect(passel.output.count == pass.output.count)
        #expect(passel.status == pass.status)
        #expect(pass.status == 23)
        #expect(passel.entries == pass.entries)
        #expect(passel.subjects == pass.subjects)
        #expect(passel.uncommitted == pass.uncommitted)
        #expect(passel.clipboardRestored)
        #expect(pass.clipboardRestored)
        #expect(!passel.temporaryFolderIsLeft)
    }

    @Test func `a text for the clipboard is in no argument and no environment`() throws {
        let home = try ClientHome(.passel)
        let text = "canary-\(UInt64.random(in: .min ... .max))"
        try home.write(text, to: "text")
        try home.addExtension(
            "to-clipboard",
            """
            read -r text <"$HOME/text"
            clip "$text" label
            qrcode "$text" label >/dev/null
            """)
        let display = try home.fakeDisplay(holding: "before")
        let traced = try home.run(
            "strace", "-f", "-v", "-s", "100000", "-e", "trace=execve", "-o", home.path("trace"),
            "pass", "to-clipboard",
            environment: ["DISPLAY": display, "PASSWORD_STORE_CLIP_TIME": "1"])
        #expect(traced.status == 0)
        // strace waits for the helper that restores the clipboard, too.
        #expect(home.read("copied") == text + "before")
        #expect(home.clipboard() == "before")
        let trace = try #require(home.read("trace"))
        #expect(trace.contains("--extension"))
        #expect(!trace.contains(text))
    }
}

/// What one program made of the extension.
private struct Account {
    let output: [String]
    let status: Int32
    /// The plaintext and the number of readers of each entry, and the text of every other file.
    let entries: [String: String]
    let subjects: [String]
    let uncommitted: String
    let clipboardRestored: Bool
    let temporaryFolderIsLeft: Bool

    init(of subject: Sandbox.Subject) throws {
        let home = try ClientHome(subject)
        try home.insert("web/site", "hunter2\nuser: alice\n")
        try home.insert("web/deeper/deep", "deep\n")
        try home.check("pass", "init", "-p", "team", "ann@example.org", "bob@example.org")
        for name in ["everything", "inner"] {
            let path = "\(Source.root)/Tests/ClientTests/Extensions/\(name).bash"
            try home.addExtension(name, #require(Disk.read(path)).text)
        }
        let display = try home.fakeDisplay(holding: "before")
        let script = #"exec "$0" everything 'one word' two 2>&1"#
        let outcome = try home.run(
            "sh", "-c", script, "pass",
            environment: ["DISPLAY": display, "GIT_DIR": "/nowhere"])

        status = outcome.status
        output = Account.normalised(outcome.stdout.text, home.sandbox.root)
        // A change of recipients is two commits of pass and one of ours.
        subjects = try home.subjects(100).filter { !$0.hasPrefix("Reencrypt password store") }
        uncommitted = try home.status()
        clipboardRestored = home.clipboard(becomes: "before", within: 120)
        temporaryFolderIsLeft = home.read("tmpdir").map { Disk.facts($0) != nil } ?? true
        entries = try Account.entries(of: home)
    }

    private static func entries(of home: ClientHome) throws -> [String: String] {
        let store = Bytes(home.sandbox.store.utf8)
        var entries: [String: String] = [:]
        for path in Disk.walk(store, enter: { $0.text != ".git" }).map(\.text) {
            guard let bytes = Disk.read(home.sandbox.store + "/" + path) else { continue }
            if path.hasSuffix(".gpg") {
                let readers = try home.readers(String(path.dropLast(4))).count
                entries[path] = "\(readers) readers: \(Plaintext.of(bytes)?.text ?? "unreadable")"
            } else if !path.hasPrefix(".git/") {
                entries[path] = bytes.text
            }
        }
        return entries
    }

    /// Without what differs from run to run or is free: key and commit ids, the manual's wording.
    private static func normalised(_ text: String, _ root: String) -> [String] {
        var lines: [String] = []
        var isUsage = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // The version box and the usage text: their wording is ours.
            if line.hasPrefix("=====") || line == "Usage:" { isUsage = true }
            if isUsage {
                isUsage = !(line.hasPrefix("it returned") || line.hasPrefix("status "))
                if isUsage { continue }
            }
            lines.append(
                line.replacingOccurrences(of: root, with: "WORK")
                    .replacing(/\[master [0-9a-f]+\]/, with: "[master ID]")
                    .replacing(/reencrypting to .*/, with: "reencrypting to KEYS"))
        }
        return lines
    }
}
