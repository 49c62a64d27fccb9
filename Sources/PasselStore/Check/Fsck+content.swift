import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// Every entry that is for the user, decrypted by the user's keys.
    mutating func openEntries() throws {
        let files = try store.entryFiles()
        for (file, opening) in zip(files, try store.opening(files)) {
            if case .opened = opening { check.opened += 1 }
            // What is no message, or for others, was told or is nothing to tell.
            guard case .failed(let problem) = opening else { continue }
            add(
                StoreFlaw(
                    .entry, relative(file), problem,
                    hint:
                        "see what it was: passel log \(ShellWord.text(store.entryName(file).bytes))"
                ))
        }
    }

    /// Who can read each entry, and what of the lists nobody here has looked at.
    mutating func checkTeam(_ found: Result<Drift, any Error>) throws {
        let drift: Drift
        do {
            drift = try found.get()
        } catch is NotInitialised {
            add(
                StoreFlaw(
                    .recipients, ".gpg-id", "no list says for whom the store is",
                    hint: "passel init YOUR-GPG-ID"))
            return
        } catch let problem as Problem {
            add(StoreFlaw(.review, ".passel", problem.message, hint: problem.hints.first))
            return
        } catch let problem as GitProblem {
            add(StoreFlaw(.review, ".passel", problem.problem.message))
            return
        }
        for entry in drift.drifted where entry.flaw == nil {
            add(
                StoreFlaw(
                    .recipients, entry.name, "it is not for whom it should be",
                    hint: "passel recipients heal"))
        }
        for change in drift.unacknowledged {
            let name = change.folder.map { Text($0.bytes) } ?? Text(Roster.file.bytes)
            add(StoreFlaw(.review, name, change.what, hint: "passel recipients review"))
        }
        for failure in drift.unlisted { add(StoreFlaw(.file, failure.folder, failure.why)) }
    }

    /// The events of the security log, and how they hang together.
    mutating func checkLog() throws {
        do {
            for flaw in try store.securityLog(checkingHistory: true).flaws {
                add(
                    StoreFlaw(
                        .log, Text(EventName.folder.bytes), flaw.description,
                        hint: "passel log --verify"))
            }
        } catch let problem as Problem {
            add(StoreFlaw(.log, Text(EventName.folder.bytes), problem.message))
        } catch let problem as GitProblem {
            add(StoreFlaw(.log, Text(EventName.folder.bytes), problem.problem.message))
        }
    }

    /// What this machine knows of entries without decrypting them.
    mutating func checkIndex() throws {
        guard try store.isIndexDamaged() else { return }
        let store = store
        add(
            StoreFlaw(
                .index, "index", "it is not what this machine wrote", hint: "passel index clear")
        ) { try store.clearIndex() }
    }
}
