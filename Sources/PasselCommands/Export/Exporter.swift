import PasselCore
import PasselPosix
import PasselStore

/// Writes values to files and tells the log.
struct Exporter {
    let session: Session
    let consent: ExportConsent

    private var places: ExportPlaces { ExportPlaces(settings: session.settings) }

    /// Writes values to a file, or for docker to a folder of files and what Compose is to know of
    /// them.
    func write(_ values: [ExportValues.Value], _ form: ExportForm, to path: Path) throws -> [Path] {
        guard form.format == .docker, FileStatus.isFolder(path) || !isKnown(path) else {
            return try write([(values, path)], form)
        }
        let files = try values.map { value in
            ([value], path / Path(try ComposeFragment.name(of: value.item).bytes))
        }
        try ExportItem.requireDistinctNames(values.map(\.item))
        var fragment = ExportForm(.compose)
        fragment.readsFiles = true
        let compose = ExportTarget(
            path: path / "compose.yaml", form: fragment, items: values.map(\.item))
        return try write(files, form, beside: [compose])
    }

    /// Whether it is one file of such a folder, by itself.
    private func isKnown(_ path: Path) -> Bool {
        // What is wrong with the register is told when it is written to.
        ((try? session.store.exportRegister())?[path]) != nil
    }

    private func write(
        _ files: [(values: [ExportValues.Value], path: Path)], _ form: ExportForm,
        beside others: [ExportTarget] = []
    ) throws -> [Path] {
        let targets = files.map { values, path in
            var target = ExportTarget(path: path, form: form, items: values.map(\.item))
            target.stored = values.map(\.stored)
            target.ends = values.compactMap(\.ends).min()
            return target
        }
        return try session.store.export(targets + others, consent) { paths in
            guard form.isSecret else { return }
            record(
                zip(files, paths).flatMap { file, path in
                    file.values.compactMap { $0.event(form, place: places.shown(path)) }
                })
        }
    }

    /// Tells the log; what could not be recorded is handed out all the same: a machine that may only
    /// read the store has its use for it.
    func record(_ drafts: [EventDraft]) {
        do {
            try session.store.record(drafts)
        } catch let problem as Problem {
            session.warn(Problem("it is not in the security log: \(problem.message)"))
        } catch {
            session.warn(Problem("it is not in the security log"))
        }
    }
}
