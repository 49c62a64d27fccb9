import PasselCore

/// `help` and `version`.
struct Help {
    let session: Session

    private var banner: Text {
        let version = "passel \(Passel.version), as pass v\(Passel.passVersion)"
        let inside = 42
        func row(_ text: String) -> String {
            let left = (inside - text.count) / 2
            let right = inside - text.count - left
            return "=" + String(repeating: " ", count: left) + text
                + String(repeating: " ", count: right) + "="
        }
        let border = String(repeating: "=", count: inside + 2)
        // The phrase by which scripts know that they talk to pass.
        let rows = [
            "pass: the standard unix password manager", "", version, "", "gpg and git underneath",
        ]
        return Text(([border] + rows.map(row) + [border]).joined(separator: "\n").utf8)
    }

    /// What the program is and which version.
    func printVersion() { session.output.line(banner) }

    /// Every command with its arguments.
    func print() {
        let program = session.program
        let settings = session.settings
        session.output.line(
            """
            \(banner)

            Usage:
                \(program) init [--path=subfolder,-p subfolder] gpg-id...
                    Encrypt for these gpg-ids: the whole store, or a subfolder of it.
                    Entries that were encrypted for others are encrypted anew.
                \(program) [ls] [subfolder]
                    List entries; also: list.
                \(program) find pass-names...
                    List entries whose names contain one of the words; also: search.
                \(program) [show] [--clip[=line-number],-c[line-number]] [--qrcode[=line-number],-q[line-number]] pass-name
                    Show an entry, or put one of its lines on the clipboard
                    for \(settings.clipTime) seconds, or show the line as a QR code.
                \(program) grep [GREPOPTIONS] search-string
                    Search the decrypted contents of all entries.
                \(program) insert [--echo,-e | --multiline,-m] [--force,-f] pass-name
                    Store a password; echo what is typed, or take several lines.
                    Ask before an entry is replaced, unless forced. Also: add.
                \(program) edit pass-name
                    Edit an entry, new or old, with \(settings.editorText).
                \(program) generate [--no-symbols,-n] [--clip,-c] [--qrcode,-q] [--in-place,-i | --force,-f] pass-name [pass-length]
                    Store a random password of pass-length (or \(settings.generatedLength)) characters,
                    without symbols if wanted; in place of the first line only,
                    or of the whole entry. Ask before an entry is replaced,
                    unless forced.
                \(program) rm [--recursive,-r] [--force,-f] pass-name
                    Remove an entry, or a folder with all that is in it; also: remove, delete.
                \(program) mv [--force,-f] old-path new-path
                    Rename or move, encrypting anew where others may read; also: rename.
                \(program) cp [--force,-f] old-path new-path
                    Copy, encrypting anew where others may read; also: copy.
                \(program) git git-command-args...
                    Run git in the store. "git init" begins its history.
                \(program) help
                    Show this text.
                \(program) version
                    Show the version.
            \(session.isPass ? "" : own)
            More in the passel(1) man page.
            """)
    }

    /// What pass has not; it is not told where we stand in for pass.
    private var own: Text {
        var text: Text = """

            show also takes
                --at=revision
                    Show the entry as it was at a commit, or at the end of a day; with
                    --json as JSON, with the commit.
            find also takes
                --field=key=text
                    List the entries with a field that holds the text; may be repeated.
            insert, edit, generate, mv and cp also take
                --skip=gpg-id
                    Do not encrypt for this recipient this once; may be repeated.

            """
        let items = session.ownCommands.items
        guard !items.isEmpty else { return text }
        text += """

            Commands that pass has not ("\(session.program) COMMAND --help" tells more):

            """
        return text + CommandHelp.list(items.map { ($0.word, $0.summary) }) + "\n"
    }
}
