import PasselCore
import Testing

@Suite struct ExportRecordTests {
    private var record: ExportRecord {
        var form = ExportForm(.kubernetes)
        form.usesKeyring = true
        form.isMaterialised = true
        form.profile = "de v"
        form.name = "app"
        form.namespace = "ci"
        form.kind = .tls
        form.lifetime = 900
        form.templatePath = "/home/a b/in.tmpl"
        form.projects = ["one", "two"]
        let digest = { (text: String) in Digest(of: Array(text.utf8)) }
        var record = ExportRecord(
            path: "/home/a b/%\n.rc", form: form, time: 1_800_000_000, ends: 1_800_000_900,
            items: [
                .init(name: "A", reference: "ci/a b#x", mark: "A", value: digest("1")),
                .init(name: "", reference: "ci/b", mark: "B C", value: digest("2")),
            ], parts: ["A": digest("3"), "B C": digest("4")])
        record.before = ["A": digest("5")]
        return record
    }

    @Test func `what is written is read again`() {
        let plain = ExportRecord(
            path: "/x", form: ExportForm(.docker), time: 0, ends: nil, items: [], parts: [:])
        let text = ExportRecord.text([record, plain])
        #expect(ExportRecord.read(text) == [record, plain])
        #expect(ExportRecord.read([]) == [])
    }

    @Test(arguments: [
        "x", "item a b\n", "file none /x\n", "file json /x\noption new yes\n",
        "file json /x\npart a bb\n", "file json  %2f\n", "file json /x y\n",
    ])
    func `anything else is none`(_ text: String) {
        #expect(ExportRecord.read(Array(text.utf8)) == nil)
    }
}
