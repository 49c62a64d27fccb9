public import PasselCore
import PasselPosix

/// Values that are to stand in a file in some form.
public struct ExportTarget {
    /// The file, as the user spells it.
    public let path: Path
    /// The form.
    public let form: ExportForm
    /// What is to stand there.
    public let items: [ExportItem]
    /// What the store has, where that is not what stands in the file: a narrower token was made.
    public var stored: [Secret]
    /// When the tokens end that were made for it.
    public var ends: Int64?

    /// Values for a file.
    public init(path: Path, form: ExportForm, items: [ExportItem]) {
        self.path = path
        self.form = form
        self.items = items
        stored = items.map(\.value)
    }
}

/// What a user allows when a file is written.
public struct ExportConsent {
    /// Parts may be replaced that somebody else wrote or changed.
    public var replacesForeign = false
    /// git may be told to ignore the file.
    public var addsIgnore = false
    /// The command as it is typed with one more option, for hints.
    public var command: (_ option: Text) -> Text = { "passel export \($0)" }

    /// Nothing is allowed.
    public init() {}
}

extension Store {
    /// Writes values to files and remembers that.
    ///
    /// `announce` is called with the files' places once nothing but the disk can stand in the way,
    /// and before anything is written.
    ///
    /// - Returns: where the files are.
    /// - Throws: a `Problem` when a file, the format or git does not take it; nothing is written
    ///   then.
    @discardableResult
    public func export(
        _ targets: [ExportTarget], _ consent: ExportConsent, announce: ([Path]) throws -> Void
    ) throws -> [Path] {
        try exportingAlone { register in
            let planned = try targets.map { try plan($0, consent, register) }
            let paths = planned.map(\.file.path)
            try announce(paths)
            var before = register
            for plan in planned where plan.isSecret { register.set(plan.record) }
            if planned.contains(where: \.isSecret) { try register.save() }
            do {
                for plan in planned {
                    if plan.isChange { try plan.file.replace(by: plan.content) }
                    if plan.isSecret { before.set(plan.record) }
                }
            } catch {
                // What is remembered beyond what was written is shown as it is.
                try? before.save()
                throw error
            }
            for plan in planned where !plan.isSecret {
                try forget(plan.marks, of: plan.file.path, &register)
            }
            return paths
        }
    }

    /// What is going to be written to one file.
    private struct Plan {
        let file: PlaintextFile
        let content: Secret
        let record: ExportRecord
        let marks: [Text]
        let isSecret: Bool

        var isChange: Bool {
            file.content != content || isSecret && (file.mode ?? 0) & 0o077 != 0
        }
    }

    private func plan(
        _ target: ExportTarget, _ consent: ExportConsent, _ register: ExportRegister
    ) throws -> Plan {
        let maker = try target.form.maker()
        let file = try PlaintextFile(target.path)
        if target.form.isSecret { try refuseUnignored(file, consent) }
        let old = file.content ?? Secret(plain: "")
        let content = try maker.content(target.items, into: old)
        let marks = try target.items.map(maker.mark)
        var record = ExportRecord(
            path: file.path, form: target.form, time: settings.now(), ends: target.ends,
            items: zip(target.items, zip(target.stored, marks)).map { item, more in
                ExportRecord.Item(
                    name: item.name, reference: item.reference, mark: more.1,
                    value: register.digest(more.0))
            },
            parts: try Self.parts(marks, maker, content, register))
        let known = register[file.path]
        if file.content != nil { record.before = try Self.parts(marks, maker, old, register) }
        if !consent.replacesForeign {
            try refuseForeign(record, known, file, maker, consent)
        }
        return Plan(
            file: file, content: content, record: record.joined(to: known, maker), marks: marks,
            isSecret: target.form.isSecret)
    }

    /// Forgets parts in which there is nothing secret any more.
    func forget(_ marks: [Text], of path: Path, _ register: inout ExportRegister) throws {
        guard var known = register[path] else { return }
        known.items.removeAll { marks.contains($0.mark) }
        known.parts = known.parts.filter { !marks.contains($0.key) }
        if known.items.isEmpty { register.forget(path) } else { register.set(known) }
        try register.save()
    }

    static func parts(
        _ marks: [Text], _ maker: ExportForm.Maker, _ content: Secret, _ register: ExportRegister
    ) throws -> [Text: Digest] {
        try marks.reduce(into: [:]) { parts, mark in
            guard let part = try maker.part(mark, of: content), !part.isEmpty else { return }
            parts[mark] = register.digest(part)
        }
    }

    /// Nothing is replaced that is not known to be ours, unless it says the same.
    private func refuseForeign(
        _ record: ExportRecord, _ known: ExportRecord?, _ file: PlaintextFile,
        _ maker: ExportForm.Maker, _ consent: ExportConsent
    ) throws {
        for (mark, now) in record.before {
            let ours = [record.parts[mark], known?.parts[mark], known?.before[mark]]
            let isKnown = known?.parts[mark] != nil
            guard !ours.contains(now), !isFragment(file, record.form, isKnown) else { continue }
            let what: Text = maker.isWhole ? "\(file.path)" : "\(mark) in \(file.path)"
            throw Problem(
                !isKnown
                    ? "\(what) was not written by passel"
                    : "\(what) was changed by somebody else since it was written",
                hints: ["give up what is there: \(consent.command("--replace"))"])
        }
    }

    /// Whether a part without secrets says itself that it is ours.
    private func isFragment(
        _ file: PlaintextFile, _ form: ExportForm, _ isKnown: Bool
    ) -> Bool {
        switch form.format {
        case .compose:
            file.content?.withBytes { $0.starts(with: ComposeFragment.head.bytes) } ?? true
        // The marks around it say so; what is not remembered had no values in it.
        case .envrc: !isKnown || !form.isMaterialised
        default: false
        }
    }
}

extension ExportForm.Maker {
    /// Whether files are ours from the first to the last byte.
    var isWhole: Bool {
        if case .whole = self { true } else { false }
    }
}

extension ExportRecord {
    /// With what another record of the file has beside it.
    fileprivate func joined(to known: ExportRecord?, _ maker: ExportForm.Maker) -> ExportRecord {
        guard let known, known.form.format == form.format, !maker.isWhole else { return self }
        var joined = self
        joined.items = known.items.filter { parts[$0.mark] == nil } + items
        joined.parts.merge(known.parts) { new, _ in new }
        joined.ends = [ends, known.ends].compactMap(\.self).min()
        return joined
    }
}
