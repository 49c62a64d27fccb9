import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// Files with secrets: written, remembered, looked after and shredded.
@Suite struct ExportTests {
    private let box: IndexBox
    private let home: String

    init() throws {
        box = try IndexBox()
        home = box.box.sandbox.root + "/there"
        try Disk.makeFolder(home)
        try box.entry("ci/pypi", "one\n")
        try box.entry("ci/corp", "two\n")
    }

    private func item(_ name: Text, _ value: String, _ reference: Text) -> ExportItem {
        ExportItem(
            name: name, entry: reference, reference: reference, value: Secret(plain: value),
            url: "https://\(name).example/", username: "u")
    }

    private var pypi: ExportItem { item("pypi", "one", "ci/pypi") }
    private var corp: ExportItem { item("corp", "two", "ci/corp") }

    @discardableResult
    private func export(
        _ items: ExportItem..., to name: String = "rc", form: ExportForm = ExportForm(.pypirc),
        replacing: Bool = false, ignoring: Bool = false, ends: Int64? = nil
    ) throws -> Path {
        var consent = ExportConsent()
        consent.replacesForeign = replacing
        consent.addsIgnore = ignoring
        var target = ExportTarget(path: Path(home + "/" + name), form: form, items: items)
        target.ends = ends
        return try box.store.export([target], consent) { _ in }[0]
    }

    private func text(_ name: String = "rc") -> String? { Disk.read(home + "/" + name)?.text }

    private func write(_ text: String, _ name: String = "rc") throws {
        try Disk.write(text, to: home + "/" + name)
    }

    private var states: [ExportState] {
        get throws { try box.store.exportListing().statuses.map(\.state) }
    }

    private func shred(_ name: String = "rc", replacing: Bool = false) throws -> Bool {
        var consent = ExportConsent()
        consent.replacesForeign = replacing
        return try box.store.shredExport(Path(home + "/" + name), consent)
    }

    @Test func `a file is current until the store, or somebody, changes something`() throws {
        try export(pypi, corp)
        #expect(try states == [.current])
        try write((text() ?? "") + "\n[mine]\nusername = a\n")
        #expect(try states == [.current])
        try box.entry("ci/corp", "three\n")
        #expect(try states == [.stale])
        try export(item("corp", "three", "ci/corp"))
        #expect(try states == [.current])
        let items = try box.store.exportListing().statuses[0].record.items
        #expect(items.map(\.name) == ["pypi", "corp"])
        try write((text() ?? "").split(separator: "one").joined(separator: "other"))
        #expect(try states == [.edited])
        Disk.remove(home + "/rc")
        #expect(try states == [.gone])
    }

    @Test func `an entry that is not there any more is told`() throws {
        try export(pypi, corp)
        Disk.remove(box.box.path("ci/corp.gpg"))
        let status = try #require(try box.store.exportListing().statuses.first)
        #expect(status.state == .stale)
        #expect(status.missing == ["ci/corp"])
    }

    @Test func `tokens that were made for a file end`() throws {
        try export(pypi, ends: box.store.settings.now() + 100)
        #expect(try states == [.current])
        let now = box.store.settings.now()
        box.settings.now = { now + 200 }
        #expect(try states == [.expired])
    }

    @Test func `several files cost one operation with the user's key`() throws {
        try export(pypi)
        try export(corp, to: "other")
        _ = try box.store.exportListing().statuses
        _ = box.cipher.taken
        #expect(try states == [.current, .current])
        #expect(box.cipher.taken.own == 1)
    }

    @Test func `what somebody else wrote is replaced on demand only`() throws {
        try write("[pypi]\npassword = theirs\n")
        #expect(
            message { try export(pypi) } == "pypi in \(home)/rc was not written by passel")
        #expect(text() == "[pypi]\npassword = theirs\n")
        #expect(try box.store.exportRegister().records.isEmpty)
        try export(pypi, replacing: true)
        #expect(
            text()?.hasSuffix("password = one\nrepository = https://pypi.example/\nusername = u\n")
                == true)
        try write((text() ?? "").split(separator: "one").joined(separator: "other"))
        #expect(
            message { try export(pypi) }
                == "pypi in \(home)/rc was changed by somebody else since it was written")
        #expect(
            message { _ = try shred() }
                == "\(home)/rc was changed by somebody else since it was written")
        try write("x", "json")
        #expect(
            message { try export(pypi, to: "json", form: ExportForm(.json)) }
                == "\(home)/json was not written by passel")
        try write(
            "[same]\nrepository = https://same.example/\nusername = u\npassword = p\n", "same")
        try export(item("same", "p", "ci/pypi"), to: "same")
    }

    @Test func `shredding leaves what is not ours`() throws {
        let mine = "[mine]\r\nusername = a"
        try write(mine)
        try export(pypi, corp)
        #expect(try shred() == false)
        #expect(text() == mine)
        #expect(try states == [])
        try export(pypi, to: "new")
        #expect(try shred("new") == true)
        #expect(text("new") == nil)
        #expect(message { _ = try shred("new") } == "\(home)/new is not known as an exported file")
    }

    @Test func `a file without secrets is not remembered, and forgotten if it was`() throws {
        try export(pypi, corp)
        var form = ExportForm(.pypirc)
        form.usesKeyring = true
        try export(pypi, form: form)
        #expect(try box.store.exportRegister().records.map { $0.items.map(\.name) } == [["corp"]])
        try export(corp, form: form)
        #expect(try box.store.exportRegister().records.isEmpty)
        #expect(text()?.contains("password") == false)
    }

    @Test func `nothing in the state folder tells a secret or a name`() throws {
        try export(pypi)
        for name in ["exports", "exports.local"] as [Path] {
            let content = try #require(Disk.read(box.file(name)))
            #expect(Disk.facts(box.file(name))?.mode == 0o600)
            for word in ["one", "ci/pypi", "there"] { #expect(!content.includes(Bytes(word.utf8))) }
        }
        // Another machine's record, or a changed one, is none.
        let content = try #require(Disk.read(box.file("exports")))
        try Disk.write(
            content.dropLast() + [content.last.map { $0 ^ 1 } ?? 0],
            to: Bytes(box.file("exports").utf8))
        #expect(
            message { _ = try states }?.hasPrefix("the record of exported files is damaged") == true
        )
        #expect(
            message { try export(pypi) }?.hasPrefix("the record of exported files is damaged")
                == true)
    }

    @Test func `git must not take the file along`() throws {
        try box.box.begin(home)
        let refused = "\(home)/rc is in the git work tree \(home), which does not ignore it"
        #expect(message { try export(pypi) } == refused)
        #expect(text() == nil)
        try Disk.makeFolder(home + "/a b[1]")
        try export(pypi, to: "a b[1]/rc", ignoring: true)
        #expect(Disk.read(home + "/.gitignore")?.text == "/a\\ b\\[1]/rc\n")
        #expect(message { try export(pypi) } == refused)
        try write("rc", ".gitignore")
        try export(pypi)
        // Once staged, ignoring has no effect.
        try box.box.git("-C", home, "add", "-f", "rc")
        let tracked = "\(home)/rc is in git: every commit would have the secrets in it"
        #expect(message { try export(pypi) } == tracked)
        try box.box.commitAll(home)
        #expect(message { try export(pypi, ignoring: true) } == tracked)
        var form = ExportForm(.pypirc)
        form.usesKeyring = true
        try export(pypi, form: form)
    }

    @Test func `nothing lies in clear in a store`() throws {
        let path = box.box.path("rc")
        let target = ExportTarget(path: Path(path), form: ExportForm(.pypirc), items: [pypi])
        #expect(
            message { try box.store.export([target], ExportConsent()) { _ in } }
                == "\(Files.resolved(Path(path).parent) ?? "")/rc is in the store, where nothing lies in clear"
        )
    }

    @Test func `a run that was cut short shows as stale, and what it left goes`() throws {
        try export(pypi)
        let before = try #require(text())
        try export(item("pypi", "new", "ci/pypi"))
        try write(before)
        #expect(try states == [.stale])
        let left = try Scratch.file(in: Path(home), content: Bytes("secret".utf8))
        try export(pypi)
        #expect(Disk.facts(left.bytes) == nil)
        #expect(try states == [.current])
    }
}
