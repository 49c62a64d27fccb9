public import PasselCore
import PasselGit

extension Store {
    /// Records something that happened to an entry's token in the security log, as a commit of its
    /// own.
    ///
    /// - Throws: a `Problem`, and nothing has changed, when it cannot be encrypted or written.
    public func record(_ draft: EventDraft) throws {
        try exclusively {
            let events = try SecurityLog(store: self).events([draft]) { try audience(of: $0) }
            try Change(store: self, steps: [], events: events) { _ in
                CommitSubject.record(draft)
            }.perform()
        }
    }

    /// Records what happened to several entries' tokens, in one commit.
    ///
    /// - Throws: as above.
    public func record(_ drafts: [EventDraft]) throws {
        guard drafts.count > 1 else { return try drafts.forEach(record) }
        try exclusively {
            let events = try SecurityLog(store: self).events(drafts) { try audience(of: $0) }
            try Change(store: self, steps: [], events: events) { _ in
                CommitSubject.record(drafts)
            }.perform()
        }
    }

    /// The events of the security log that can be read here, and whether it is whole.
    ///
    /// With `history`, every event that a commit of the branch ever brought must be there, too.
    ///
    /// - Throws: a `Problem` when the folder or the history cannot be read.
    public func securityLog(checkingHistory history: Bool = false) throws -> LogCheck {
        let log = SecurityLog(store: self)
        var known = storedPins.map { SeenEvents(in: $0.folder).all } ?? []
        if history { known.formUnion(try log.recorded()) }
        let check = LogCheck(try log.readings(), known: known)
        log.remember(check)
        return check
    }
}
